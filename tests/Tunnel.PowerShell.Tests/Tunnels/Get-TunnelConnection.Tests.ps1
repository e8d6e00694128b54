BeforeAll {
    . "$PSScriptRoot/../Lab.ps1"
    $lab = Start-Lab
}

AfterAll { Stop-Lab $lab }

Describe 'Get-TunnelConnection' {
    It 'shows the connections of every connector' {
        New-AccessApplication ssh.example.test | Out-Null
        Get-TunnelConnection | Should -BeNullOrEmpty
        Start-SshTunnel ssh.example.test | Wait-SshTunnel -Timeout 30 | Out-Null
        Get-TunnelConnection ssh.* | Should -HaveCount 4
        Get-TunnelConnection | Out-String | Should -Match 'Tunnel\s+ClientId\s+Origin'
    }
}
