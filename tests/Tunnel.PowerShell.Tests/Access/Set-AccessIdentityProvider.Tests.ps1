BeforeAll {
    . "$PSScriptRoot/../Lab.ps1"
    $lab = Start-Lab -WithApplication
}

AfterAll { Stop-Lab $lab }

Describe 'Set-AccessIdentityProvider' {
    It 'changes what is given' {
        Set-AccessIdentityProvider 'One-time PIN' -NewName PIN -WhatIf
        (Get-AccessIdentityProvider).Name | Should -Be 'One-time PIN'
        (Set-AccessIdentityProvider 'One-time PIN' -NewName PIN -Confirm:$false).Type | Should -Be onetimepin
        (Get-AccessIdentityProvider).Name | Should -Be PIN
    }
}
