using System.Management.Automation;
using Tunnel.Core.Client.SignIn;
using Tunnel.PowerShell.Completion;
using Tunnel.PowerShell.Pipeline;

namespace Tunnel.PowerShell.SignIn;

/// <summary>Gets the tokens of Access applications to which you are signed in on this machine.</summary>
/// <remarks>
/// <para>Looks into files only: a token that the team has ended since is shown as long as its time is not over. The token itself is a
/// SecureString, which no view and no transcript shows.</para>
/// </remarks>
/// <example>
/// <para>Where am I signed in?</para>
/// <code>
/// Get-AccessToken
/// </code>
/// <para>Lists what Connect-AccessApplication, tunnel-agent and cloudflared have left in ~/.cloudflared.</para>
/// </example>
[Cmdlet(VerbsCommon.Get, "AccessToken")]
[OutputType(typeof(AccessToken))]
public sealed class GetAccessToken : EngineCmdlet
{
    /// <summary>Only for this hostname; wildcards work.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(AccessTokenHostnameCompleter))]
    public string[]? Hostname { get; set; }

    /// <summary>Where tokens are kept. Default: ~/.cloudflared.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Folder { get; set; }

    protected override object? ErrorTarget => Hostname;

    protected override Task ProcessItemAsync()
    {
        var filter = new NameFilter(Hostname);
        var store = new AccessTokenStore(Folder is null ? null : GetUnresolvedProviderPathFromPSPath(Folder));
        WriteObject(
            store.List().Select(token => new AccessToken(token, DateTimeOffset.UtcNow)).Where(token => filter.Matches(token.Hostname)),
            enumerateCollection: true);
        return Task.CompletedTask;
    }
}
