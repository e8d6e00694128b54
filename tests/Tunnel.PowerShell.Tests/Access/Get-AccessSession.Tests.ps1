BeforeAll {
    . "$PSScriptRoot/../Lab.ps1"
    $lab = Start-Lab
}

AfterAll { Stop-Lab $lab }

Describe 'Get-AccessSession' {
    It 'shows nothing before the first sign-in' {
        Get-AccessSession | Should -BeNullOrEmpty
        Get-AccessUser | Get-AccessSession | Should -BeNullOrEmpty
    }
}
