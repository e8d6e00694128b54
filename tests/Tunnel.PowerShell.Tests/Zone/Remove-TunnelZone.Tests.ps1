BeforeAll {
    . "$PSScriptRoot/../Lab.ps1"
    $lab = Start-Lab
}

AfterAll { Stop-Lab $lab }

Describe 'Remove-TunnelZone' {
    It 'removes a zone, and nothing with -WhatIf' {
        New-TunnelZone other.test | Remove-TunnelZone -WhatIf
        Get-TunnelZone other.test | Should -HaveCount 1
        Remove-TunnelZone other.test -Confirm:$false
        Get-TunnelZone other.test | Should -BeNullOrEmpty
    }
}
