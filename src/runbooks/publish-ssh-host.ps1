#Requires -Version 7.6
<#
.SYNOPSIS
    Publishes an SSH server's hostname: locked first, then given a tunnel and a route. Run again, it changes nothing.
.DESCRIPTION
    Makes sure, in this order, that there are: the zone; an Access application for the hostname, which denies everybody
    until a policy allows them; a group of the people who may come; a reusable policy that lets the group in, attached to
    the application; a service token and a policy for programs; the tunnel; and the hostname's DNS record. What is there
    already is kept. What is there and differs ends the script with an error that names the cmdlet to change it with.

    Works on the account that the session is connected to (Connect-TunnelAccount). With -WhatIf it says what is missing,
    and makes nothing. Gives one object with the identifiers of all of it; the first run's ServiceToken holds the secret,
    which is told only once.

    Runs in pwsh and in tunnel-shell: beside the module's cmdlets it needs the language and .NET only.
.PARAMETER Hostname
    The name that people will connect to.
.PARAMETER Include
    Who may come: '@example.com', 'alice@example.com', '10.0.0.0/8', or any other form that -Include takes.
.PARAMETER Zone
    The domain of the hostname. Default: all of it behind the first dot.
.PARAMETER Group
    The Access group that holds -Include.
.PARAMETER ServiceToken
    The name of the service token for programs.
.PARAMETER Tunnel
    The name of the tunnel. Default: the hostname.
.EXAMPLE
    ./publish-ssh-host.ps1 ssh.example.com -Include '@example.com' -WhatIf
.EXAMPLE
    $published = ./publish-ssh-host.ps1 ssh.example.com -Include '@example.com'
    Start-SshTunnel -Hostname $published.Hostname -Url ssh://localhost:22
#>
[CmdletBinding(SupportsShouldProcess)]
param(
    [Parameter(Mandatory, Position = 0)] [ValidatePattern('^[^.]+\..+')] [string] $Hostname,
    [Parameter(Mandatory, Position = 1)] [ValidateNotNullOrEmpty()] [string[]] $Include,
    [string] $Zone = $Hostname.Substring($Hostname.IndexOf('.') + 1),
    [string] $Group = 'ssh people',
    [string] $ServiceToken = "ssh programs $Hostname",
    [string] $Tunnel = $Hostname
)

Set-StrictMode -Version 3.0
$ErrorActionPreference = 'Stop'
if (-not (Get-Module Tunnel)) {
    Import-Module ([IO.Path]::GetFullPath([IO.Path]::Combine($PSScriptRoot, '..', '..', 'Tunnel.psd1'))) -WhatIf:$false
}

# With -WhatIf, New-... gives nothing back; what is there already is then looked up, so that the later steps know it.
function Resolve-Step($made, [scriptblock] $find) { if ($made) { $made } else { & $find } }

function Get-Property($object, [string] $name) { if ($object) { $object.$name } }

$zoneThere = Resolve-Step (New-TunnelZone $Zone) { Get-TunnelZone $Zone }

# Locked before anything is behind it.
$application = Resolve-Step (New-AccessApplication $Hostname) { Get-AccessApplication $Hostname }

$people = Resolve-Step (New-AccessGroup $Group -Include $Include) { Get-AccessGroup $Group }
$policyName = "let in $Group"
$reusable = Resolve-Step (New-AccessPolicy -Name $policyName -Decision Allow -Include "group:$Group") {
    Get-AccessPolicy -Name $policyName
}

# The secret is told once: a token that is there is kept, and stays as it is.
$token = Get-AccessServiceToken $ServiceToken
if (-not $token) { $token = New-AccessServiceToken $ServiceToken }

$attached = $programs = $null
if ($application -and $reusable) {
    $attached = New-AccessPolicy $Hostname -ReusablePolicy $policyName
}
else { [void] $PSCmdlet.ShouldProcess($Hostname, "Attach the reusable policy '$policyName'") }
if ($application -and $token) {
    $programs = New-AccessPolicy $Hostname -Name 'let in programs' -Decision NonIdentity -Include $token
}
else { [void] $PSCmdlet.ShouldProcess($Hostname, "Add the NonIdentity policy 'let in programs' for service_token:$ServiceToken") }

$tunnelThere = Resolve-Step (New-Tunnel $Tunnel) { Get-Tunnel $Tunnel }
$route = $null
if ($zoneThere -and $tunnelThere) { $route = New-TunnelRoute $Hostname $Tunnel }
else { [void] $PSCmdlet.ShouldProcess($Hostname, "Lead the hostname to the tunnel $Tunnel") }

if ($WhatIfPreference) { return }
[pscustomobject] @{
    Hostname         = $Hostname
    ZoneId           = Get-Property $zoneThere Id
    ApplicationId    = Get-Property $application Id
    GroupId          = Get-Property $people Id
    ReusablePolicyId = Get-Property $reusable Id
    AttachedPolicyId = Get-Property $attached Id
    ProgramsPolicyId = Get-Property $programs Id
    ServiceToken     = $token
    TunnelId         = Get-Property $tunnelThere Id
    RecordId         = Get-Property $route RecordId
}
