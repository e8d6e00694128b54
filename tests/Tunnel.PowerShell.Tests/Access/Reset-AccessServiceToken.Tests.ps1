BeforeAll {
    . "$PSScriptRoot/../Lab.ps1"
    $lab = Start-Lab -WithApplication
}

AfterAll { Stop-Lab $lab }

Describe 'Reset-AccessServiceToken' {
    BeforeAll { $made = New-AccessServiceToken ci }

    It 'makes no secret with -WhatIf' {
        Reset-AccessServiceToken ci -WhatIf | Should -BeNullOrEmpty
    }

    It 'tells a new secret once, for the same client id' {
        $token = Reset-AccessServiceToken ci -Confirm:$false
        $token.ClientId | Should -Be $made.ClientId
        $token.ToCredential().GetNetworkCredential().Password |
            Should -Not -Be $made.ToCredential().GetNetworkCredential().Password
        (Get-AccessServiceToken ci).ClientSecret | Should -BeNullOrEmpty
    }
}
