using Tunnel.Core.Ingress.Windows;
using Tunnel.Testing;

namespace Tunnel.EndToEnd.Tests.Ingress.Windows;

/// <summary>
/// Windows PowerShell with the cmdlets of NetSecurity and ScheduledTasks as far as a lock uses them, on two files: what they
/// take and give is as Microsoft documents it. The scripts that run in it are the real ones.
/// </summary>
public sealed class NetSecurityStandIn : IDisposable
{
    // Name, what people see, Enabled, Action, Direction, where it comes from, the rest.
    private const string Rules = """
        RemoteDesktop-UserMode-In-TCP|Remote Desktop|True|Allow|Inbound|Local|
        {0A1B-[x]}|It's "mine" * ü|True|Allow|Inbound|Local|
        OpenSSH-Server-In-TCP|OpenSSH SSH Server (sshd)|True|Allow|Inbound|Local|
        Old-App|Old app|False|Allow|Inbound|Local|
        Blocked-App|Blocked app|True|Block|Inbound|Local|
        CoreNet-DNS-Out-UDP|DNS|True|Allow|Outbound|Local|

        """;

    private const string Profiles = """
        Domain|True|Block|Allow|NotConfigured|False
        Private|True|Allow|NotConfigured|True|True
        Public|False|NotConfigured|Allow|True|NotConfigured

        """;

    private readonly TemporaryDirectory _directory = new();

    public NetSecurityStandIn(PowerShellServer server)
    {
        File.WriteAllText(_directory.File("rules"), Rules);
        File.WriteAllText(_directory.File("profiles"), Profiles);
        server.WriteClient(Program);
    }

    public string Program => _directory.File("powershell.exe");

    public string StateDirectory => _directory.File("it's state");

    public WindowsFirewallOptions Options => new() { PowerShellProgram = Program, StateDirectory = StateDirectory, SshConnection = null };

    /// <summary>The rules and profiles, as they are now.</summary>
    public string Firewall => File.ReadAllText(_directory.File("rules")) + File.ReadAllText(_directory.File("profiles"));

    public static string Before => Rules + Profiles;

    /// <summary>What the task runs, decoded; null: there is no task.</summary>
    public string? Task => File.Exists(_directory.File("task"))
        ? System.Text.Encoding.Unicode.GetString(Convert.FromBase64String(File.ReadAllText(_directory.File("task")).Split("-EncodedCommand ")[1].Trim()))
        : null;

    /// <summary>What was done, one line each.</summary>
    public string Log => File.Exists(_directory.File("log")) ? File.ReadAllText(_directory.File("log")) : "";

    /// <summary>Lets a cmdlet fail from now on; null: none.</summary>
    public void Break(string? cmdlet) => File.WriteAllText(_directory.File("broken"), cmdlet ?? "");

    public void AddRule(string line) => File.AppendAllText(_directory.File("rules"), line + "\n");

    public Task<ProcessResult> RunAsync(string script) => ProcessResult.RunAsync(Program, [], input: script);

    public void Dispose() => _directory.Dispose();

    internal const string Cmdlets = """
        function Note([string] $what) {
            [IO.File]::AppendAllText("$standIn/log", "$what`n")
            if ([IO.File]::Exists("$standIn/broken") -and [IO.File]::ReadAllText("$standIn/broken") -eq $what.Split(' ')[0]) { throw "$what is broken" }
        }
        function Read-Rules {
            foreach ($line in [IO.File]::ReadAllLines("$standIn/rules")) {
                $name, $display, $enabled, $action, $direction, $source, $rest = $line.Split('|')
                [pscustomobject] @{ Name = $name; DisplayName = $display; Enabled = $enabled; Action = $action; Direction = $direction; PolicyStoreSourceType = $source; Rest = $rest }
            }
        }
        function Save-Rules($rules) {
            [IO.File]::WriteAllText("$standIn/rules", -join ($rules | ForEach-Object { ($_.Name, $_.DisplayName, $_.Enabled, $_.Action, $_.Direction, $_.PolicyStoreSourceType, $_.Rest -join '|') + "`n" }))
        }
        function Get-NetFirewallRule {
            [CmdletBinding()] param([Parameter(Mandatory)] [ValidateSet('PersistentStore', 'ActiveStore')] [string] $PolicyStore)
            Note "Get-NetFirewallRule"
            Read-Rules | Where-Object { $PolicyStore -eq 'ActiveStore' -or $_.PolicyStoreSourceType -eq 'Local' }
        }
        function Switch-Rules([object[]] $items, [string] $enabled) {
            $names = @($items | ForEach-Object { $_.Name })
            Save-Rules @(Read-Rules | ForEach-Object { if ($names -ccontains $_.Name) { $_.Enabled = $enabled }; $_ })
        }
        function Enable-NetFirewallRule { [CmdletBinding()] param([Parameter(Mandatory, ValueFromPipeline)] [object] $InputObject)
            begin { $all = @() } process { $all += $InputObject } end { Note 'Enable-NetFirewallRule'; Switch-Rules $all 'True' } }
        function Disable-NetFirewallRule { [CmdletBinding()] param([Parameter(Mandatory, ValueFromPipeline)] [object] $InputObject)
            begin { $all = @() } process { $all += $InputObject } end { Note 'Disable-NetFirewallRule'; Switch-Rules $all 'False' } }
        function Remove-NetFirewallRule { [CmdletBinding()] param([Parameter(Mandatory, ValueFromPipeline)] [object] $InputObject)
            begin { $all = @() } process { $all += $InputObject.Name } end { Note 'Remove-NetFirewallRule'; Save-Rules @(Read-Rules | Where-Object { $all -cnotcontains $_.Name }) } }
        function New-NetFirewallRule {
            [CmdletBinding()] param([Parameter(Mandatory)] [ValidateSet('PersistentStore')] [string] $PolicyStore, [Parameter(Mandatory)] [string] $Name,
                [Parameter(Mandatory)] [string] $DisplayName, [string] $Group, [ValidateSet('Inbound', 'Outbound')] [string] $Direction, [ValidateSet('Allow', 'Block')] [string] $Action,
                [ValidateSet('Any')] [string] $Profile, [string] $Protocol, [string[]] $IcmpType, [string[]] $LocalPort, [string[]] $RemotePort, [string[]] $RemoteAddress, [string[]] $InterfaceAlias)
            Note 'New-NetFirewallRule'
            if (@(Read-Rules | Where-Object { $_.Name -ceq $Name }).Count) { throw 'Cannot create a file when that file already exists.' }
            [IO.File]::AppendAllText("$standIn/rules", "$Name|$DisplayName|True|$Action|$Direction|Local|$Protocol $IcmpType local $LocalPort remote $RemoteAddress $RemotePort interface $InterfaceAlias`n")
        }
        function Get-NetFirewallProfile {
            [CmdletBinding()] param([Parameter(Mandatory)] [ValidateSet('PersistentStore', 'ActiveStore')] [string] $PolicyStore, [string[]] $Name)
            foreach ($line in [IO.File]::ReadAllLines("$standIn/profiles")) {
                $profileName, $enabled, $in, $out, $allow, $notify = $line.Split('|')
                # What a group policy says wins over what is set here.
                if ($PolicyStore -eq 'ActiveStore' -and [IO.File]::Exists("$standIn/policy")) { $in = 'Allow' }
                if ($Name -contains $profileName) { [pscustomobject] @{ Name = $profileName; Enabled = $enabled; DefaultInboundAction = $in; DefaultOutboundAction = $out; AllowInboundRules = $allow; NotifyOnListen = $notify } }
            }
        }
        function Set-NetFirewallProfile {
            [CmdletBinding()] param([Parameter(Mandatory)] [ValidateSet('PersistentStore')] [string] $PolicyStore, [Parameter(Mandatory)] [string[]] $Name,
                [ValidateSet('True', 'False', 'NotConfigured')] [string] $Enabled, [ValidateSet('NotConfigured', 'Allow', 'Block')] [string] $DefaultInboundAction,
                [ValidateSet('NotConfigured', 'Allow', 'Block')] [string] $DefaultOutboundAction, [ValidateSet('True', 'False', 'NotConfigured')] [string] $AllowInboundRules,
                [ValidateSet('True', 'False', 'NotConfigured')] [string] $NotifyOnListen)
            Note "Set-NetFirewallProfile $Name"
            [IO.File]::WriteAllText("$standIn/profiles", -join ([IO.File]::ReadAllLines("$standIn/profiles") | ForEach-Object {
                $(if ($Name -contains $_.Split('|')[0]) { $_.Split('|')[0], $Enabled, $DefaultInboundAction, $DefaultOutboundAction, $AllowInboundRules, $NotifyOnListen -join '|' } else { $_ }) + "`n" }))
        }
        function New-ScheduledTaskAction { [CmdletBinding()] param([string] $Execute, [string] $Argument) "$Execute $Argument" }
        function New-ScheduledTaskTrigger { [CmdletBinding()] param([switch] $Once, [datetime] $At, [switch] $AtStartup) "trigger $At $AtStartup" }
        function New-ScheduledTaskPrincipal { [CmdletBinding()] param([string] $UserId, [string] $LogonType, [string] $RunLevel) "$UserId $RunLevel" }
        function New-ScheduledTaskSettingsSet { [CmdletBinding()] param([switch] $AllowStartIfOnBatteries, [switch] $DontStopIfGoingOnBatteries, [switch] $StartWhenAvailable, [string] $MultipleInstances, [timespan] $ExecutionTimeLimit, [int] $RestartCount, [timespan] $RestartInterval) 'settings' }
        function Register-ScheduledTask { [CmdletBinding()] param([switch] $Force, [string] $TaskPath, [string] $TaskName, [string] $Description, [object[]] $Action, [object[]] $Trigger, [object] $Principal, [object] $Settings)
            Note 'Register-ScheduledTask'
            [IO.File]::WriteAllText("$standIn/task", "$Action") }
        function Start-ScheduledTask { [CmdletBinding()] param([string] $TaskPath, [string] $TaskName) Note 'Start-ScheduledTask' }
        function Get-ScheduledTask { [CmdletBinding()] param([string] $TaskPath, [string] $TaskName) if ([IO.File]::Exists("$standIn/task")) { $TaskName } }
        function Unregister-ScheduledTask { [CmdletBinding(SupportsShouldProcess)] param([Parameter(ValueFromPipeline)] [object] $InputObject) process { Note 'Unregister-ScheduledTask'; [IO.File]::Delete("$standIn/task") } }
        function Get-Service { [CmdletBinding()] param([string] $Name) [pscustomobject] @{ Status = 'Running' } }
        function icacls.exe { Note "icacls $args"; $global:LASTEXITCODE = 0 }
        function netsh.exe { Note "netsh $args"; [IO.File]::WriteAllText($args[2], 'whole policy'); $global:LASTEXITCODE = 0 }

        """;
}
