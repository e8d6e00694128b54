BeforeAll {
    . "$PSScriptRoot/../Lab.ps1"
    $lab = Start-Lab
}

AfterAll { Stop-Lab $lab }

Describe 'Disconnect-TunnelAccount' {
    It 'forgets the account, and may be called again' {
        Disconnect-TunnelAccount
        Disconnect-TunnelAccount
        Get-TunnelAccount | Should -BeNullOrEmpty
        { Get-TunnelZone } | Should -Throw -ErrorId 'AccountNotConnected,Tunnel.PowerShell.Zone.GetTunnelZone'
    }
}
