BeforeAll {
    . "$PSScriptRoot/../Lab.ps1"
    $lab = Start-Lab -WithApplication
}

AfterAll { Stop-Lab $lab }

Describe 'Get-AccessIdentityProvider' {
    It 'shows the one-time PIN that an account starts with' {
        (Get-AccessIdentityProvider).Type | Should -Be onetimepin
        Get-AccessIdentityProvider one* | Should -HaveCount 1
        Get-AccessIdentityProvider other | Should -BeNullOrEmpty
    }
}
