BeforeAll {
    . "$PSScriptRoot/../Lab.ps1"
    $lab = Start-Lab
}

AfterAll { Stop-Lab $lab }

Describe 'New-AccessRule' {
    It 'gives one rule for each value' {
        New-AccessRule -Email alice@example.com, bob@example.com | ForEach-Object ToString |
            Should -Be 'alice@example.com', 'bob@example.com'
    }

    It 'takes short forms, groups and service tokens from the pipeline' {
        $group = New-AccessGroup operators -Include everyone
        $token = New-AccessServiceToken ci
        '10.0.0.0/8', $group, $token | New-AccessRule | ForEach-Object ToString |
            Should -Be '10.0.0.0/8', "group:$($group.Id)", "service_token:$($token.Id)"
    }

    It 'puts the id in the place of a name' {
        "$(New-AccessRule -Group operators)" | Should -Be "group:$((Get-AccessGroup operators).Id)"
        { New-AccessRule -Group nobody -ErrorAction Stop } | Should -Throw -ErrorId 'ResourceNotFound,*'
    }

    It 'shows selector and rule in a table' {
        New-AccessRule -Country NZ | Out-String | Should -Match 'geo\s+country:NZ'
    }
}
