BeforeAll {
    . "$PSScriptRoot/../Lab.ps1"
    $lab = Start-Lab -WithApplication
}

AfterAll { Stop-Lab $lab }

Describe 'Start-SshTunnel' {
    It 'refuses a hostname that no application covers' {
        { Start-SshTunnel open.example.test } | Should -Throw -ErrorId 'SshTunnelUnprotected,Tunnel.PowerShell.SshTunnel.StartSshTunnel'
    }

    It 'starts nothing with -WhatIf' {
        Start-SshTunnel ssh.example.test -WhatIf | Should -BeNullOrEmpty
        Get-SshTunnel | Should -BeNullOrEmpty
    }

    It 'creates, routes and runs a tunnel, and gives it back the second time' {
        $tunnel = Start-SshTunnel -Hostname ssh.example.test -Url ssh://127.0.0.1:22
        ($tunnel | Wait-SshTunnel -Timeout 30).State | Should -Be 'Healthy'
        Start-SshTunnel -Hostname ssh.example.test -Url ssh://127.0.0.1:22 | Should -Be $tunnel
    }

    It 'has the connector ask for the application''s token' {
        New-AccessApplication checked.example.test | Out-Null
        $tunnel = Start-SshTunnel checked.example.test -RequireAccess
        $tunnel.RequiresAccess | Should -BeTrue
        Get-Content -Raw $tunnel.ConfigurationFile | Should -Match (Get-AccessApplication checked.example.test).Aud
    }

    It 'refuses a second protocol on the hostname' {
        { Start-SshTunnel ssh.example.test tcp://127.0.0.1:23 -TunnelName second } |
            Should -Throw -ErrorId 'SshTunnelHostnameTaken,Tunnel.PowerShell.SshTunnel.StartSshTunnel'
    }
}
