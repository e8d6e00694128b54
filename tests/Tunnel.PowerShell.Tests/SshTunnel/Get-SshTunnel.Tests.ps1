BeforeAll {
    . "$PSScriptRoot/../Lab.ps1"
    $lab = Start-Lab -WithApplication
}

AfterAll { Stop-Lab $lab }

Describe 'Get-SshTunnel' {
    It 'shows the live state of a tunnel of this session' {
        $tunnel = Start-SshTunnel ssh.example.test | Wait-SshTunnel -Timeout 30
        Get-SshTunnel ssh.* | Should -Be $tunnel
        (Get-SshTunnel $tunnel.Id).Connections | Where-Object IsRegistered | Should -HaveCount 4
        Get-SshTunnel | Out-String | Should -Match '4 of 4'
        Get-SshTunnel other | Should -BeNullOrEmpty
    }
}
