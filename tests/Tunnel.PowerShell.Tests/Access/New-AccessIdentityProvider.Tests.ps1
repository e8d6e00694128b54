BeforeAll {
    . "$PSScriptRoot/../Lab.ps1"
    $lab = Start-Lab -WithApplication
}

AfterAll { Stop-Lab $lab }

Describe 'New-AccessIdentityProvider' {
    It 'adds a provider once, and never shows its secret' {
        $secret = ConvertTo-SecureString 'hidden-secret' -AsPlainText -Force
        $made = New-AccessIdentityProvider GitHub -Type github -ClientId x -ClientSecret $secret
        $made | Format-List * | Out-String | Should -Not -Match hidden-secret
        (New-AccessIdentityProvider GitHub -Type github -ClientId x).Id | Should -Be $made.Id
        { New-AccessIdentityProvider GitHub -Type github -ClientId y -ErrorAction Stop } | Should -Throw '*Set-AccessIdentityProvider*'
    }

    It 'asks the issuer for its addresses, and says what to do where it does not tell' {
        { New-AccessIdentityProvider Company oidc -Issuer http://id.example.com -ClientId x -ErrorAction Stop } | Should -Throw '*https*'
        { New-AccessIdentityProvider Company oidc -Issuer http://127.0.0.1:9 -ClientId x -ErrorAction Stop } | Should -Throw '*try again*'
        Get-AccessIdentityProvider Company | Should -BeNullOrEmpty
    }

    It 'adds nothing with -WhatIf' {
        New-AccessIdentityProvider Other -Type github -WhatIf | Should -BeNullOrEmpty
        Get-AccessIdentityProvider Other | Should -BeNullOrEmpty
    }
}
