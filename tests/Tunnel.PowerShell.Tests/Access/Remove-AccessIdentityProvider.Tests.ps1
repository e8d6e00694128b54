BeforeAll {
    . "$PSScriptRoot/../Lab.ps1"
    $lab = Start-Lab -WithApplication
}

AfterAll { Stop-Lab $lab }

Describe 'Remove-AccessIdentityProvider' {
    It 'removes a provider, and nothing with -WhatIf' {
        Get-AccessIdentityProvider | Remove-AccessIdentityProvider -WhatIf
        Get-AccessIdentityProvider | Should -HaveCount 1
        Get-AccessIdentityProvider | Remove-AccessIdentityProvider -Confirm:$false
        Get-AccessIdentityProvider | Should -BeNullOrEmpty
    }
}
