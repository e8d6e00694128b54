BeforeAll {
    . "$PSScriptRoot/../Lab.ps1"
    $lab = Start-Lab
}

AfterAll { Stop-Lab $lab }

Describe 'Get-AccessUser' {
    It 'shows nobody before the first sign-in' {
        Get-AccessUser | Should -BeNullOrEmpty
        Get-AccessUser nobody@example.com | Should -BeNullOrEmpty
    }
}
