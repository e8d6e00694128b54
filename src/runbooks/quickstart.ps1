#Requires -Version 7.6
<#
.SYNOPSIS
    SSH through an embedded edge on this machine: with a service token it works, without one nothing gets through.
.DESCRIPTION
    Uses the module's public cmdlets, and ssh. Everything stays on loopback and in one temporary folder, which is removed
    at the end with all that was started. Ends with 0 only if each thing that it says was really observed.

    Runs in pwsh and in tunnel-shell: beside the module's cmdlets it needs the language and .NET only.
.EXAMPLE
    ./build.ps1 Quickstart
#>
[CmdletBinding()]
param()

Set-StrictMode -Version 3.0
$ErrorActionPreference = 'Stop'
$PSNativeCommandUseErrorActionPreference = $false
if (-not (Get-Module Tunnel)) {
    Import-Module ([IO.Path]::GetFullPath([IO.Path]::Combine($PSScriptRoot, '..', '..', 'Tunnel.psd1')))
}

$hostname = 'ssh.example.test'
$started = [Diagnostics.Stopwatch]::StartNew()
$folder = [IO.Directory]::CreateTempSubdirectory('tunnel-quickstart-').FullName
$config = [IO.Path]::Combine($folder, 'ssh_config')
$edge = $sshServer = $listener = $null

function Write-Step([string] $text) { $Host.UI.WriteLine("`n== $text") }

function Assert-Observed([string] $what, [bool] $condition) {
    if (-not $condition) { throw "Not observed: $what" }
    $Host.UI.WriteLine("ok  $what")
}

function Wait-Until([string] $what, [scriptblock] $condition) {
    $deadline = [DateTime]::UtcNow.AddSeconds(10)
    while (-not (& $condition)) {
        if ([DateTime]::UtcNow -gt $deadline) { throw "Waited 10 s in vain: $what" }
        [Threading.Thread]::Sleep(20)
    }
}

function Test-Port([int] $port) {
    $client = [Net.Sockets.TcpClient]::new()
    try { $client.ConnectAsync('127.0.0.1', $port).Wait(500) -and $client.Connected }
    catch { $false }
    finally { $client.Dispose() }
}

# Exit code and output of ssh by an alias of our configuration. The user's own configuration is not read.
function Invoke-Ssh([string] $alias, [string] $command) {
    $output = & ssh -F $config -o BatchMode=yes -o ConnectTimeout=10 $alias $command 2>&1
    @{ ExitCode = $LASTEXITCODE; Output = (@($output) -join "`n").Trim() }
}

# The machine's sshd, if it lets this user in with no question asked.
function Find-MachineSshServer {
    if (-not (Test-Port 22)) { return }
    $knownHosts = [IO.Path]::Combine($folder, 'known_hosts')
    & ssh -F none -o BatchMode=yes -o ConnectTimeout=3 -o StrictHostKeyChecking=accept-new -o "HostKeyAlias=$hostname" `
        -o "UserKnownHostsFile=$knownHosts" 127.0.0.1 true 2>&1 | Out-Null
    if ($LASTEXITCODE -eq 0) { @{ Port = 22; KnownHosts = $knownHosts; Process = $null; IdentityFile = $null } }
}

# An sshd of our own, with throw-away keys, on a free loopback port.
function Start-PrivateSshServer {
    $hostKey, $userKey = 'host_key', 'user_key' | ForEach-Object {
        $file = [IO.Path]::Combine($folder, $_)
        & ssh-keygen -q -t ed25519 -N '' -f $file
        if ($LASTEXITCODE -ne 0) { throw 'ssh-keygen made no key.' }
        $file
    }
    $probe = [Net.Sockets.TcpListener]::new([Net.IPAddress]::Loopback, 0)
    $probe.Start()
    $port = $probe.LocalEndpoint.Port
    $probe.Stop()

    $knownHosts = [IO.Path]::Combine($folder, 'known_hosts')
    [IO.File]::WriteAllText($knownHosts, "$hostname $([IO.File]::ReadAllText("$hostKey.pub"))")
    $serverConfig = [IO.Path]::Combine($folder, 'sshd_config')
    [IO.File]::WriteAllText($serverConfig, @"
ListenAddress 127.0.0.1
Port $port
HostKey $hostKey
AuthorizedKeysFile $userKey.pub
PidFile none
StrictModes no
UsePAM no
PasswordAuthentication no
KbdInteractiveAuthentication no
PermitRootLogin yes

"@)
    # Where sshd runs as root it insists on this folder, which Debian makes when the service starts.
    $separation = '/run/sshd'
    $madeSeparation = [Environment]::UserName -eq 'root' -and -not [IO.Directory]::Exists($separation)
    if ($madeSeparation) { [void] [IO.Directory]::CreateDirectory($separation) }

    $program = '/usr/sbin/sshd'
    if (-not [IO.File]::Exists($program)) { $program = @(Get-Command sshd -CommandType Application)[0].Source }
    $log = [IO.Path]::Combine($folder, 'sshd.log')
    $process = [Diagnostics.Process]::Start($program, [string[]] ('-D', '-f', $serverConfig, '-E', $log))
    try {
        Wait-Until 'sshd listens' {
            if ($process.HasExited) { throw "sshd did not start: $([IO.File]::ReadAllText($log))" }
            Test-Port $port
        }
    }
    catch {
        $process.Kill()
        throw
    }
    @{ Port = $port; KnownHosts = $knownHosts; Process = $process; IdentityFile = $userKey; MadeFolder = $madeSeparation ? $separation : $null }
}

function Register-Visitor([string] $alias, $token) {
    $arguments = @{
        Hostname = $hostname; Name = $alias; ConfigFile = $config
        User = [Environment]::UserName; UserKnownHostsFile = $sshServer.KnownHosts; StrictHostKeyChecking = 'yes'
    }
    if ($sshServer.IdentityFile) { $arguments.IdentityFile = $sshServer.IdentityFile }
    if ($token) { $arguments.ServiceToken = $token }
    Register-SshHost @arguments
}

try {
    Write-Step 'Start an edge on loopback, and connect to the account that it has'
    $edge = Start-TunnelEdge -StateDirectory ([IO.Path]::Combine($folder, 'edge'))
    $edge | Out-Host
    $edge | Connect-TunnelAccount -TunnelDirectory ([IO.Path]::Combine($folder, 'tunnels')) | Out-Host

    Write-Step 'Bring a domain'
    New-TunnelZone example.test | Out-Host

    Write-Step "Lock $hostname before anything is behind it: only one service token gets in, another is denied"
    New-AccessApplication $hostname | Out-Host
    $token = New-AccessServiceToken quickstart
    $deniedToken = New-AccessServiceToken denied
    $token, $deniedToken | Out-Host
    & {
        New-AccessPolicy $hostname -Name 'service auth' -Decision NonIdentity -Include $token
        New-AccessPolicy $hostname -Name 'keep out' -Decision Deny -Include $deniedToken
    } | Out-Host

    Write-Step 'Start the tunnel to the ssh server'
    $sshServer = Find-MachineSshServer
    if (-not $sshServer) { $sshServer = Start-PrivateSshServer }
    $tunnel = Start-SshTunnel -Hostname $hostname -Url "ssh://127.0.0.1:$($sshServer.Port)" | Wait-SshTunnel -Timeout 15
    $tunnel | Out-Host
    Assert-Observed 'the tunnel is healthy' ($tunnel.State -eq 'Healthy')

    Write-Step 'Register the host for plain ssh, and use it'
    Register-Visitor quickstart $token | Out-Host
    $answer = Invoke-Ssh quickstart 'echo "Hello from $(hostname), $(whoami): $((6 * 7))"'
    $Host.UI.WriteLine("`$ ssh quickstart`n$($answer.Output)")
    Assert-Observed 'ssh through the tunnel ran a command' ($answer.ExitCode -eq 0 -and $answer.Output -match 'Hello from .*: 42')
    Assert-Observed 'its exit code came back' ((Invoke-Ssh quickstart 'exit 7').ExitCode -eq 7)

    Write-Step 'Put a listener in the place of sshd, which sees every connection that gets through'
    Remove-SshTunnel $hostname -GracePeriod 0 -Confirm:$false
    $listener = [Net.Sockets.TcpListener]::new([Net.IPAddress]::Loopback, 0)
    $listener.Start()
    Start-SshTunnel -Hostname $hostname -Url "ssh://127.0.0.1:$($listener.LocalEndpoint.Port)" |
        Wait-SshTunnel -Timeout 15 | Out-Host

    Write-Step 'Visitors who are to stay out'
    $wrongToken = [pscredential]::new($token.ClientId, $deniedToken.ClientSecret)
    & {
        Register-Visitor no-token
        Register-Visitor wrong-token $wrongToken
        Register-Visitor denied $deniedToken
    } | Out-Host
    foreach ($visitor in 'no-token', 'wrong-token', 'denied') {
        $answer = Invoke-Ssh $visitor true
        $Host.UI.WriteLine("`$ ssh $visitor`n$($answer.Output)")
        Assert-Observed "the visitor $visitor was refused" ($answer.ExitCode -eq 255 -and $answer.Output -match 'refuses this visitor')
        Assert-Observed 'not a byte of theirs reached the server' (-not $listener.Pending())
    }

    # The listener would have seen them: it sees the visitor who may come.
    $allowed = [Diagnostics.Process]::Start('ssh', [string[]] ('-F', $config, '-o', 'BatchMode=yes', '-N', 'quickstart'))
    try { Wait-Until 'the visitor with the token reaches the listener' { $listener.Pending() } }
    finally {
        $allowed.Kill($true)
        $allowed.WaitForExit()
    }
    Assert-Observed 'the visitor with the token does get through to the listener' $true
}
finally {
    Write-Step 'Stop everything'
    if ($listener) { $listener.Stop() }
    foreach ($step in @(
            { Get-SshHost -ConfigFile $config | Unregister-SshHost }
            { if ($edge) { Get-SshTunnel | Remove-SshTunnel -GracePeriod 0 -Confirm:$false } }
            { Get-TunnelAccount | Disconnect-TunnelAccount }
            { if ($edge) { $edge | Stop-TunnelEdge } }
            {
                if ($sshServer -and $sshServer.Process) {
                    $sshServer.Process.Kill($true)
                    $sshServer.Process.WaitForExit()
                    if ($sshServer.MadeFolder) { [IO.Directory]::Delete($sshServer.MadeFolder) }
                }
            }
            { [IO.Directory]::Delete($folder, $true) }
        )) {
        # One thing that cannot be cleaned up keeps nothing else from being cleaned up.
        try { & $step } catch { $Host.UI.WriteErrorLine("Clean-up: $_") }
    }
}

Assert-Observed 'the edge is stopped' (-not (Test-Port $edge.PublicEndPoint.Port))
Assert-Observed 'nothing is left behind' (-not [IO.Directory]::Exists($folder) -and -not (Get-TunnelEdge) -and
    (-not $sshServer.Process -or $sshServer.Process.HasExited))
$Host.UI.WriteLine("`nAll of it was observed, in $([Math]::Round($started.Elapsed.TotalSeconds, 1)) seconds.")
exit 0
