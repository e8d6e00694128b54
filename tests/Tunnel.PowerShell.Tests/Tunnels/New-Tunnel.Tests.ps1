BeforeAll {
    . "$PSScriptRoot/../Lab.ps1"
    $lab = Start-Lab
}

AfterAll { Stop-Lab $lab }

Describe 'New-Tunnel' {
    It 'creates a tunnel, and gives it back the second time' {
        $tunnel = New-Tunnel home
        $tunnel.ConfigSrc | Should -Be 'local'
        (New-Tunnel home).Id | Should -Be $tunnel.Id
        (New-Tunnel remote -RemotelyManaged).ConfigSrc | Should -Be 'cloudflare'
    }

    It 'creates nothing with -WhatIf' {
        New-Tunnel whatif -WhatIf | Should -BeNullOrEmpty
        Get-Tunnel whatif | Should -BeNullOrEmpty
    }

    It 'refuses a name that is managed the other way' {
        { New-Tunnel home -RemotelyManaged } | Should -Throw -ErrorId 'ResourceConflict,Tunnel.PowerShell.Tunnels.NewTunnel'
    }
}
