BeforeAll {
    . "$PSScriptRoot/../Lab.ps1"
    $lab = Start-Lab
}

AfterAll { Stop-Lab $lab }

Describe 'Remove-TunnelRoute' {
    It 'removes a route, and nothing with -WhatIf' {
        New-Tunnel home | New-TunnelRoute ssh.example.test | Out-Null
        Get-TunnelRoute | Remove-TunnelRoute -WhatIf
        Get-TunnelRoute | Should -HaveCount 1
        Get-TunnelRoute | Remove-TunnelRoute -Confirm:$false
        Get-TunnelRoute | Should -BeNullOrEmpty
    }

    It 'says so when there is none' {
        { Remove-TunnelRoute ssh.example.test -Confirm:$false } |
            Should -Throw -ErrorId 'ResourceNotFound,Tunnel.PowerShell.Route.RemoveTunnelRoute'
    }
}
