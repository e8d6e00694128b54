BeforeAll {
    . "$PSScriptRoot/../Lab.ps1"
    $lab = Start-Lab
}

AfterAll { Stop-Lab $lab }

Describe 'Remove-AccessServiceToken' {
    It 'removes a token, and nothing with -WhatIf' {
        New-AccessServiceToken ci | Remove-AccessServiceToken -WhatIf
        Get-AccessServiceToken | Should -HaveCount 1
        Get-AccessServiceToken | Remove-AccessServiceToken -Confirm:$false
        Get-AccessServiceToken | Should -BeNullOrEmpty
    }
}
