using System.Management.Automation;
using Tunnel.Core.Api;
using Tunnel.Core.Tunnels;

namespace Tunnel.PowerShell.Tunnels;

/// <summary>Gives a tunnel a configuration that the account keeps and sends to its connectors.</summary>
/// <remarks>
/// <para>The connectors take the new configuration at once, without a restart. If you are connected through the tunnel
/// yourself, a wrong rule locks you out. The last rule has to match everything, such as http_status:404, and a hostname
/// carries one protocol.</para>
/// <para>A tunnel whose configuration lies in a file beside its connector is changed with -Force only: from then on the
/// connector takes its rules from the account and ignores the file.</para>
/// <para>The same configuration once more is no change, and no new version.</para>
/// </remarks>
/// <example>
/// <para>One hostname</para>
/// <code>
/// Set-TunnelConfiguration home -Hostname ssh.example.test -Url ssh://localhost:22
/// </code>
/// <para>Adds the rule, or changes the one that the hostname has. The other rules stay.</para>
/// </example>
/// <example>
/// <para>From a file</para>
/// <code>
/// Set-TunnelConfiguration home -Path ~/.cloudflared/config.yml -Force
/// </code>
/// <para>Lets the account keep what was in the file. Options of the connector itself stay with the connector.</para>
/// </example>
[Cmdlet(
    VerbsCommon.Set,
    "TunnelConfiguration",
    SupportsShouldProcess = true,
    ConfirmImpact = ConfirmImpact.High,
    DefaultParameterSetName = PathSet)]
[OutputType(typeof(ManagedConfiguration))]
public sealed class SetTunnelConfiguration : ExistingTunnelCmdlet
{
    private const string PathSet = "Path";
    private const string RuleSet = "Rule";
    private const string ConfigurationSet = "Configuration";

    /// <summary>A file: a config.yml as cloudflared has it, or a .json as the API has it.</summary>
    [Parameter(Mandatory = true, Position = 1, ParameterSetName = PathSet)]
    [ValidateNotNullOrEmpty]
    public string Path { get; set; } = null!;

    /// <summary>The hostname whose rule is added or changed.</summary>
    [Parameter(Mandatory = true, ParameterSetName = RuleSet)]
    [ValidateNotNullOrEmpty]
    public string Hostname { get; set; } = null!;

    /// <summary>Where the hostname goes, such as ssh://localhost:22.</summary>
    [Parameter(Mandatory = true, ParameterSetName = RuleSet)]
    [Alias("Service")]
    [ValidateNotNullOrEmpty]
    public string Url { get; set; } = null!;

    /// <summary>The configuration of another tunnel, from Get-TunnelConfiguration.</summary>
    [Parameter(Mandatory = true, ParameterSetName = ConfigurationSet)]
    [ValidateNotNull]
    public ManagedConfiguration Configuration { get; set; } = null!;

    /// <summary>Lets the account keep the configuration of a tunnel that has it in a file beside its connector.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    protected override async Task ProcessItemAsync()
    {
        TunnelInfo tunnel = await FindTunnelAsync();
        string json = await ReadAsync(tunnel);
        if (ShouldProcess(tunnel.ToString(), "Send a new configuration to the tunnel's connectors"))
        {
            WriteObject(await Configurations.SetAsync(tunnel, json, Force, StopToken));
        }
    }

    private async Task<string> ReadAsync(TunnelInfo tunnel)
    {
        switch (ParameterSetName)
        {
            case RuleSet:
                return TunnelConfigurationCatalog.WithRule(
                    (await Configurations.GetAsync(tunnel, StopToken)).Json, Hostname, Url);
            case ConfigurationSet:
                return Configuration.Json ?? throw new ArgumentException(
                    $"The configuration of '{Configuration.TunnelName}' is not known to the account, nor in a file here.");
            default:
                string json = TunnelConfigurationCatalog.ReadFile(
                    GetUnresolvedProviderPathFromPSPath(Path), out IReadOnlyList<string> warnings);
                foreach (string warning in warnings)
                {
                    WriteWarning(warning);
                }

                return json;
        }
    }
}
