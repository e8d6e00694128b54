BeforeAll {
    $ErrorActionPreference = 'Stop'
    Import-Module ([IO.Path]::GetFullPath("$PSScriptRoot/../../../Tunnel.psd1"))
}

Describe 'Test-NetworkIngress' {
    It 'lists the ports that answer, and only those' {
        $listener = [Net.Sockets.TcpListener]::new([Net.IPAddress]::Loopback, 0)
        $listener.Start()
        try { (Test-NetworkIngress 127.0.0.1 -Port $listener.LocalEndpoint.Port, 1).EndPoint.Port | Should -Be $listener.LocalEndpoint.Port }
        finally { $listener.Stop() }
    }
}
