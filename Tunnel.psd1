@{
    RootModule           = 'bin/Tunnel.PowerShell.dll'
    ModuleVersion        = '0.1.0'
    GUID                 = '6f0f2f5e-5c0b-4f0a-9c5c-0d4f3a0f6b1e'
    Author               = 'The Tunnel authors'
    CompanyName          = 'The Tunnel authors'
    Copyright            = 'The Tunnel authors, MIT licence'
    Description          = 'Puts an SSH server behind identity: no open port, an edge that asks who you are, plain ssh.'
    PowerShellVersion    = '7.6'
    CompatiblePSEditions = @('Core')
    FormatsToProcess     = @('bin/Tunnel.Format.ps1xml')
    CmdletsToExport      = @(
        'Confirm-NetworkIngress'
        'Connect-TunnelAccount'
        'Disable-NetworkIngress'
        'Disconnect-TunnelAccount'
        'Enable-NetworkIngress'
        'Get-AccessApplication'
        'Get-AccessGroup'
        'Get-AccessPolicy'
        'Get-AccessServiceToken'
        'Get-AccessSession'
        'Get-AccessUser'
        'Get-NetworkIngress'
        'Get-SshHost'
        'Get-SshTunnel'
        'Get-TunnelAccount'
        'Get-TunnelEdge'
        'Get-TunnelZone'
        'New-AccessApplication'
        'New-AccessGroup'
        'New-AccessPolicy'
        'New-AccessRule'
        'New-AccessServiceToken'
        'New-TunnelZone'
        'Register-SshHost'
        'Remove-AccessApplication'
        'Remove-AccessGroup'
        'Remove-AccessPolicy'
        'Remove-AccessServiceToken'
        'Remove-SshTunnel'
        'Revoke-AccessSession'
        'Set-AccessGroup'
        'Set-AccessPolicy'
        'Start-SshTunnel'
        'Start-TunnelEdge'
        'Stop-SshTunnel'
        'Stop-TunnelEdge'
        'Test-NetworkIngress'
        'Unregister-SshHost'
        'Wait-SshTunnel'
    )
    FunctionsToExport    = @()
    AliasesToExport      = @()
    VariablesToExport    = @()
    PrivateData          = @{
        PSData = @{
            Tags       = @('ssh', 'tunnel', 'zero-trust', 'access', 'cloudflare', 'Linux')
            LicenseUri = 'https://opensource.org/license/mit'
        }
    }
}
