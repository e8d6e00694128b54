BeforeAll {
    . "$PSScriptRoot/../Lab.ps1"
    $lab = Start-Lab -WithApplication
    New-AccessPolicy ssh.example.test -Name staff -Decision Allow -Include '@example.com' -Exclude eve@example.com | Out-Null
}

AfterAll { Stop-Lab $lab }

Describe 'Test-AccessPolicy' {
    It 'says of <Email>: <Expected>' -ForEach @(
        @{ Email = 'alice@example.com'; Expected = $true }
        @{ Email = 'eve@example.com'; Expected = $false }
        @{ Email = 'mallory@example.org'; Expected = $false }
    ) {
        (Test-AccessPolicy ssh.example.test -Email $Email).IsAllowed | Should -Be $Expected
    }

    It 'takes addresses as they are' {
        ('alice@example.com', 'eve@example.com' | Test-AccessPolicy ssh.example.test).IsAllowed | Should -Be $true, $false
    }

    It 'takes a table of people and names policy and rule' {
        $tests = "Email`nalice@example.com`neve@example.com" | ConvertFrom-Csv | Test-AccessPolicy ssh.example.test
        $tests.IsAllowed | Should -Be $true, $false
        $tests[0].Policy | Should -Be 'staff'
        $tests[1].Reason | Should -Match "excludes 'eve@example.com'"
    }

    It 'asks policies that are in no account' {
        $policy = @{ Name = 'staff'; Decision = 'Allow'; Include = 'group:operators' }
        $group = @{ Name = 'operators'; Include = '@example.com'; Exclude = 'eve@example.com' }
        ('alice@example.com', 'eve@example.com' | Test-AccessPolicy -Policy $policy -Group $group).IsAllowed | Should -Be $true, $false
    }
}
