BeforeAll {
    . "$PSScriptRoot/../Lab.ps1"
    $lab = Start-Lab
}

AfterAll { Stop-Lab $lab }

Describe 'New-TunnelRoute' {
    It 'routes a hostname, and gives the route back the second time' {
        'home', 'office' | New-Tunnel | Out-Null
        $route = New-TunnelRoute ssh.example.test home
        (New-TunnelRoute ssh.example.test home).RecordId | Should -Be $route.RecordId
    }

    It 'takes no hostname from another tunnel, unless forced' {
        { New-TunnelRoute ssh.example.test office } |
            Should -Throw -ErrorId 'ResourceConflict,Tunnel.PowerShell.Route.NewTunnelRoute'
        $route = New-TunnelRoute ssh.example.test office -Force -WarningVariable warning -WarningAction SilentlyContinue
        $route.TunnelName | Should -Be 'office'
        $warning | Should -HaveCount 1
    }

    It 'routes nothing with -WhatIf' {
        New-TunnelRoute www.example.test home -WhatIf | Should -BeNullOrEmpty
        Get-TunnelRoute www* | Should -BeNullOrEmpty
    }
}
