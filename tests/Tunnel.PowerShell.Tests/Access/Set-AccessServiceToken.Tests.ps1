BeforeAll {
    . "$PSScriptRoot/../Lab.ps1"
    $lab = Start-Lab -WithApplication
}

AfterAll { Stop-Lab $lab }

Describe 'Set-AccessServiceToken' {
    BeforeAll { New-AccessServiceToken ci | Out-Null }

    It 'changes nothing with -WhatIf' {
        Set-AccessServiceToken ci -NewName other -WhatIf
        (Get-AccessServiceToken).Name | Should -Be 'ci'
    }

    It 'changes only what is given' {
        $token = Set-AccessServiceToken ci -Enabled $false
        $token.State | Should -Be 'Disabled'
        $token.Name | Should -Be 'ci'
        (Get-AccessServiceToken | Set-AccessServiceToken -NewName deploy -Enabled $true).State | Should -Be 'Valid'
    }
}
