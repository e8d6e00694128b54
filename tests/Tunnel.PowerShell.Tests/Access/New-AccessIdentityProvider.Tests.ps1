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

    It 'adds nothing with -WhatIf' {
        New-AccessIdentityProvider Other -Type github -WhatIf | Should -BeNullOrEmpty
        Get-AccessIdentityProvider Other | Should -BeNullOrEmpty
    }
}
