BeforeAll {
    . "$PSScriptRoot/../Lab.ps1"
    $lab = Start-Lab
}

AfterAll { Stop-Lab $lab }

Describe 'Set-TunnelConfiguration' {
    It 'adds a rule, and changes nothing the second time' {
        New-Tunnel home -RemotelyManaged | Out-Null
        $rule = @{ Hostname = 'ssh.example.test'; Url = 'ssh://localhost:22'; Confirm = $false }
        (Set-TunnelConfiguration home @rule).Version | Should -Be 1
        (Set-TunnelConfiguration home @rule).Version | Should -Be 1
    }

    It 'takes a file, and a copy of it' {
        $file = "$($lab.Folder)/config.yml"
        "ingress:`n  - hostname: a.example.test`n    service: ssh://localhost:22`n  - service: http_status:404" | Set-Content $file
        (Set-TunnelConfiguration home -Path $file -Confirm:$false).Rules | Should -HaveCount 2
        (Get-TunnelConfiguration home).Json | Set-Content "$($lab.Folder)/home.json"
        (Set-TunnelConfiguration home -Path "$($lab.Folder)/home.json" -Confirm:$false).Version | Should -Be 2
    }

    It 'changes nothing with -WhatIf' {
        Set-TunnelConfiguration home -Hostname b.example.test -Url ssh://localhost:22 -WhatIf | Should -BeNullOrEmpty
        (Get-TunnelConfiguration home).Version | Should -Be 2
    }

    It 'leaves a tunnel with a file alone, unless forced' {
        New-Tunnel local | Out-Null
        $rule = @{ Hostname = 'c.example.test'; Url = 'ssh://localhost:22'; Confirm = $false }
        { Set-TunnelConfiguration local @rule } |
            Should -Throw -ErrorId 'ResourceConflict,Tunnel.PowerShell.Tunnels.SetTunnelConfiguration'
        (Set-TunnelConfiguration local @rule -Force).Source | Should -Be 'cloudflare'
    }
}
