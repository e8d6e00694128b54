BeforeAll {
    . "$PSScriptRoot/../Lab.ps1"
    $lab = Start-Lab
    'operators', 'operators-night', 'guests' | ForEach-Object { New-AccessGroup $_ -Include everyone | Out-Null }
}

AfterAll { Stop-Lab $lab }

Describe 'Get-AccessGroup' {
    It 'finds by name, wildcard and id' {
        (Get-AccessGroup operators).Name | Should -Be 'operators'
        Get-AccessGroup op* | Should -HaveCount 2
        (Get-AccessGroup (Get-AccessGroup guests).Id).Name | Should -Be 'guests'
        Get-AccessGroup nobody | Should -BeNullOrEmpty
    }

    It 'shows its rules in a table' {
        Get-AccessGroup guests | Out-String | Should -Match 'guests\s+everyone'
    }
}
