BeforeAll {
    . "$PSScriptRoot/../Lab.ps1"
    $lab = Start-Lab
}

AfterAll { Stop-Lab $lab }

Describe 'Stop-TunnelEdge' {
    It 'changes nothing with -WhatIf' {
        $lab.Edge | Stop-TunnelEdge -WhatIf
        $lab.Edge.State | Should -Be 'Running'
    }

    It 'closes the ports, keeps the state, and may be called again' {
        $lab.Edge | Stop-TunnelEdge
        $lab.Edge | Stop-TunnelEdge
        $lab.Edge.State | Should -Be 'Stopped'
        Test-Connection -TargetName 127.0.0.1 -TcpPort $lab.Edge.PublicEndPoint.Port | Should -BeFalse
        Get-TunnelEdge | Should -BeNullOrEmpty
        (Start-TunnelEdge -StateDirectory "$($lab.Folder)/edge").AccountId | Should -Be $lab.Edge.AccountId
    }
}
