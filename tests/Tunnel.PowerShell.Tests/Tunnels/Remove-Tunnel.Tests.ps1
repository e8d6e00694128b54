BeforeAll {
    . "$PSScriptRoot/../Lab.ps1"
    $lab = Start-Lab
}

AfterAll { Stop-Lab $lab }

Describe 'Remove-Tunnel' {
    It 'removes a tunnel with its routes, and nothing with -WhatIf' {
        New-Tunnel home | New-TunnelRoute ssh.example.test | Out-Null
        Remove-Tunnel home -WhatIf
        Get-TunnelRoute | Should -HaveCount 1
        Get-Tunnel | Remove-Tunnel -Confirm:$false
        Get-Tunnel | Should -BeNullOrEmpty
        Get-TunnelRoute | Should -BeNullOrEmpty
    }

    It 'says so when there is none' {
        { Remove-Tunnel home -Confirm:$false } | Should -Throw -ErrorId 'ResourceNotFound,Tunnel.PowerShell.Tunnels.RemoveTunnel'
    }
}
