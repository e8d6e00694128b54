# Dot-sourced by the Pester files: an embedded edge of the file's own, connected, with the zone example.test.
$ErrorActionPreference = 'Stop'
Import-Module ([IO.Path]::GetFullPath("$PSScriptRoot/../../Tunnel.psd1"))

function Start-Lab([switch] $WithApplication) {
    $folder = [IO.Directory]::CreateTempSubdirectory('tunnel-pester-').FullName
    $edge = Start-TunnelEdge -StateDirectory "$folder/edge"
    $account = $edge | Connect-TunnelAccount -TunnelDirectory "$folder/tunnels"
    New-TunnelZone example.test | Out-Null
    if ($WithApplication) { New-AccessApplication ssh.example.test | Out-Null }
    [pscustomobject] @{ Folder = $folder; Edge = $edge; Account = $account; Config = "$folder/ssh_config" }
}

function Stop-Lab($lab) {
    Get-SshTunnel -ErrorAction Ignore | Where-Object IsRunningHere | Stop-SshTunnel -GracePeriod 0
    Get-TunnelAccount | Disconnect-TunnelAccount
    Get-TunnelEdge | Stop-TunnelEdge
    Remove-Item -Recurse -Force $lab.Folder
}
