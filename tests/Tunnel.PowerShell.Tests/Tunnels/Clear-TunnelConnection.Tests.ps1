BeforeAll {
    . "$PSScriptRoot/../Lab.ps1"
    $lab = Start-Lab
}

AfterAll { Stop-Lab $lab }

Describe 'Clear-TunnelConnection' {
    It 'ends connections, which their connector makes anew' {
        New-AccessApplication ssh.example.test | Out-Null
        $tunnel = Start-SshTunnel ssh.example.test | Wait-SshTunnel -Timeout 30
        $before = (Get-TunnelConnection).Id
        Clear-TunnelConnection ssh.example.test -WhatIf
        (Get-TunnelConnection).Id | Should -Contain $before[0]
        $tunnel | Clear-TunnelConnection -Confirm:$false
        $tunnel | Wait-SshTunnel -Timeout 30 | Out-Null
        (Get-TunnelConnection).Id | Should -Not -Contain $before[0]
    }
}
