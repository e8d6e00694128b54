BeforeAll {
    . "$PSScriptRoot/../Lab.ps1"
    $lab = Start-Lab
    New-AccessList operators alice@example.com, bob@example.com | Out-Null
    New-AccessList offices 10.0.0.0/8 | Out-Null
}

AfterAll { Stop-Lab $lab }

Describe 'Get-AccessList' {
    It 'finds by name, id and wildcard' {
        (Get-AccessList).Count | Should -Be 2
        (Get-AccessList o*ors).Name | Should -Be 'operators'
        (Get-AccessList (Get-AccessList offices).Id).Type | Should -Be 'IP'
        Get-AccessList nothing | Should -BeNullOrEmpty
    }

    It 'tells what is in a list when it is asked to' {
        (Get-AccessList operators).Items | Should -BeNullOrEmpty
        (Get-AccessList operators -IncludeItem).Items.Value | Should -Be 'alice@example.com', 'bob@example.com'
    }
}
