BeforeAll {
    . "$PSScriptRoot/../Lab.ps1"
    $lab = Start-Lab -WithApplication
}

AfterAll { Stop-Lab $lab }

Describe 'Wait-SshTunnel' {
    It 'waits for as many connections as asked' {
        $script:tunnel = Start-SshTunnel ssh.example.test | Wait-SshTunnel -Connections 1 -Timeout 30
        $tunnel.State | Should -BeIn 'Degraded', 'Healthy'
    }

    It 'ends with an error when the time is over' {
        $lab.Edge | Stop-TunnelEdge
        $limit = [DateTime]::UtcNow.AddSeconds(30)
        while ($tunnel.Connections | Where-Object IsRegistered) {
            [DateTime]::UtcNow | Should -BeLessThan $limit -Because 'the edge is gone'
            Start-Sleep -Milliseconds 10
        }
        { Wait-SshTunnel ssh.example.test -Timeout 1 } | Should -Throw -ErrorId 'SshTunnelTimeout,Tunnel.PowerShell.SshTunnel.WaitSshTunnel'
    }
}
