using System.Management.Automation;
using Tunnel.Core.Ssh;
using Tunnel.PowerShell.Completion;
using Tunnel.PowerShell.Pipeline;

namespace Tunnel.PowerShell.SshHost;

/// <summary>Gets the hosts that Register-SshHost wrote into an ssh configuration.</summary>
/// <remarks>
/// <para>Hosts that somebody else wrote into the file are not listed.</para>
/// </remarks>
/// <example>
/// <para>Which hosts go through a tunnel?</para>
/// <code>
/// Get-SshHost
/// </code>
/// <para>Lists the hosts of ~/.ssh/config that are ours.</para>
/// </example>
[Cmdlet(VerbsCommon.Get, "SshHost")]
[OutputType(typeof(Core.Ssh.SshHost))]
public sealed class GetSshHost : EngineCmdlet
{
    /// <summary>Only hosts of this name or hostname; wildcards work.</summary>
    [Parameter(Position = 0)]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(SshHostNameCompleter))]
    public string[]? Name { get; set; }

    /// <summary>The ssh configuration to read. Default: ~/.ssh/config.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? ConfigFile { get; set; }

    protected override object? ErrorTarget => ConfigFile;

    protected override Task ProcessItemAsync()
    {
        var filter = new NameFilter(Name);
        var config = new SshConfigFile(ConfigFile is null ? null : GetUnresolvedProviderPathFromPSPath(ConfigFile));
        WriteObject(config.Get().Where(host => filter.Matches(host.Name, host.Hostname)), enumerateCollection: true);
        return Task.CompletedTask;
    }
}
