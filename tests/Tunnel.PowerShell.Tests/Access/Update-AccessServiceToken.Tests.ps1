BeforeAll {
    . "$PSScriptRoot/../Lab.ps1"
    $lab = Start-Lab -WithApplication
}

AfterAll { Stop-Lab $lab }

Describe 'Update-AccessServiceToken' {
    BeforeAll { New-AccessServiceToken ci | Out-Null }

    It 'lets the token live on' {
        $before = (Get-AccessServiceToken ci).ExpiresAt
        Update-AccessServiceToken ci -WhatIf
        (Get-AccessServiceToken ci).ExpiresAt | Should -Be $before
        (Get-AccessServiceToken ci | Update-AccessServiceToken).ExpiresAt | Should -BeGreaterThan $before
    }
}
