using System.Management.Automation;
using Tunnel.Core.Ssh;
using Tunnel.PowerShell.Completion;
using Tunnel.PowerShell.Pipeline;

namespace Tunnel.PowerShell.SshHost;

/// <summary>Takes a host out of the ssh configuration, with the service token file that was written for it.</summary>
/// <remarks>
/// <para>Takes out only what Register-SshHost wrote. A host that is not registered is no error.</para>
/// </remarks>
/// <example>
/// <para>Take one out</para>
/// <code>
/// Unregister-SshHost prod
/// </code>
/// <para>The rest of ~/.ssh/config stays byte for byte.</para>
/// </example>
/// <example>
/// <para>Take all out</para>
/// <code>
/// Get-SshHost | Unregister-SshHost
/// </code>
/// <para>Each host is taken out of the file that it stands in.</para>
/// </example>
[Cmdlet(VerbsLifecycle.Unregister, "SshHost", SupportsShouldProcess = true)]
public sealed class UnregisterSshHost : EngineCmdlet
{
    /// <summary>What one types after ssh.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(SshHostNameCompleter))]
    public string Name { get; set; } = null!;

    /// <summary>The ssh configuration to write to. Default: ~/.ssh/config.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    public string? ConfigFile { get; set; }

    protected override object? ErrorTarget => Name;

    protected override Task ProcessItemAsync()
    {
        var config = new SshConfigFile(ConfigFile is null ? null : GetUnresolvedProviderPathFromPSPath(ConfigFile));
        if (ShouldProcess(config.Path, $"Take out {Name}") && !config.Unregister(Name))
        {
            WriteVerbose($"{config.Path} has no host {Name} that was registered here.");
        }

        return Task.CompletedTask;
    }
}
