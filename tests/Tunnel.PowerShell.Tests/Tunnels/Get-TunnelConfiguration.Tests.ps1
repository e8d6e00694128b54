BeforeAll {
    . "$PSScriptRoot/../Lab.ps1"
    $lab = Start-Lab
}

AfterAll { Stop-Lab $lab }

Describe 'Get-TunnelConfiguration' {
    It 'shows the rules and the version' {
        New-Tunnel home -RemotelyManaged | Out-Null
        (Get-TunnelConfiguration home).Version | Should -Be 0
        Set-TunnelConfiguration home -Hostname ssh.example.test -Url ssh://localhost:22 -Confirm:$false | Out-Null
        $configuration = Get-Tunnel home | Get-TunnelConfiguration
        $configuration.Version | Should -Be 1
        $configuration.Rules[0].Service | Should -Be 'ssh://localhost:22'
        $configuration | Out-String | Should -Match 'Tunnel\s+Source\s+Version\s+Rules'
    }
}
