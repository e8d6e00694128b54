BeforeAll {
    . "$PSScriptRoot/../Lab.ps1"
    $lab = Start-Lab -WithApplication
}

AfterAll { Stop-Lab $lab }

Describe 'Stop-SshTunnel' {
    It 'stops the connector and keeps the tunnel' {
        $tunnel = Start-SshTunnel ssh.example.test | Wait-SshTunnel -Timeout 30
        $tunnel | Stop-SshTunnel -WhatIf
        $tunnel.State | Should -Be 'Healthy'
        Stop-SshTunnel ssh.example.test -GracePeriod 0
        $tunnel.State | Should -Be 'Stopped'
        (Get-SshTunnel ssh.example.test).IsRunningHere | Should -BeFalse
    }

    It 'says that a tunnel does not run here' {
        { Stop-SshTunnel ssh.example.test } | Should -Throw -ErrorId 'SshTunnelNotFound,Tunnel.PowerShell.SshTunnel.StopSshTunnel'
    }
}
