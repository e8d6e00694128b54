BeforeAll {
    . "$PSScriptRoot/../Lab.ps1"
    $lab = Start-Lab
}

AfterAll { Stop-Lab $lab }

Describe 'New-TunnelZone' {
    It 'adds a zone, and gives it back the second time' {
        $zone = New-TunnelZone other.test
        $zone.Status | Should -Be 'active'
        (New-TunnelZone other.test).Id | Should -Be $zone.Id
    }

    It 'adds nothing with -WhatIf' {
        New-TunnelZone whatif.test -WhatIf | Should -BeNullOrEmpty
        Get-TunnelZone whatif.test | Should -BeNullOrEmpty
    }

    It 'refuses what is no domain' {
        { New-TunnelZone 'no domain' } | Should -Throw -ErrorId 'ApiRefused,Tunnel.PowerShell.Zone.NewTunnelZone'
    }
}
