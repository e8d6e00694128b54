BeforeAll {
    . "$PSScriptRoot/../Lab.ps1"
    $lab = Start-Lab
}

AfterAll { Stop-Lab $lab }

Describe 'New-AccessServiceToken' {
    It 'gives the secret as a SecureString, and as a credential' {
        $token = New-AccessServiceToken ci -Duration 24h
        $token.ClientSecret | Should -BeOfType securestring
        $token.ToCredential().UserName | Should -Be $token.ClientId
        $token.ToCredential().GetNetworkCredential().Password.Length | Should -BeGreaterThan 31
        $token | Format-List | Out-String | Should -Not -Match $token.ToCredential().GetNetworkCredential().Password
    }

    It 'warns that the secret of an existing token is not told again' {
        $token = New-AccessServiceToken ci -WarningVariable warning -WarningAction SilentlyContinue
        $token.ClientSecret | Should -BeNullOrEmpty
        $warning | Should -HaveCount 1
    }

    It 'creates nothing with -WhatIf' {
        New-AccessServiceToken whatif -WhatIf | Should -BeNullOrEmpty
        Get-AccessServiceToken whatif | Should -BeNullOrEmpty
    }
}
