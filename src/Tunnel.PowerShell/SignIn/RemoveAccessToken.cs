using System.Management.Automation;
using Tunnel.Core.Client.SignIn;
using Tunnel.PowerShell.Completion;
using Tunnel.PowerShell.Pipeline;

namespace Tunnel.PowerShell.SignIn;

/// <summary>Forgets the tokens of Access applications on this machine.</summary>
/// <remarks>
/// <para>The team is told nothing: to end the session everywhere, sign out in the browser, or let an administrator run
/// Revoke-AccessSession. The team's own token stays, and opens its applications without another sign-in, unless -IncludeTeam is
/// given.</para>
/// </remarks>
/// <example>
/// <para>Forget one</para>
/// <code>
/// Remove-AccessToken ssh.example.com
/// </code>
/// </example>
/// <example>
/// <para>Forget everything</para>
/// <code>
/// Get-AccessToken | Remove-AccessToken -IncludeTeam
/// </code>
/// <para>The next ssh asks for a sign-in.</para>
/// </example>
[Cmdlet(VerbsCommon.Remove, "AccessToken", SupportsShouldProcess = true)]
public sealed class RemoveAccessToken : EngineCmdlet
{
    /// <summary>The application's hostname; wildcards work. One without a token is no error.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(AccessTokenHostnameCompleter))]
    public string[] Hostname { get; set; } = null!;

    /// <summary>Forgets the team's token, too, with which its applications are opened without a sign-in.</summary>
    [Parameter]
    public SwitchParameter IncludeTeam { get; set; }

    /// <summary>Where tokens are kept. Default: ~/.cloudflared.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Folder { get; set; }

    protected override object? ErrorTarget => Hostname;

    protected override Task ProcessItemAsync()
    {
        var filter = new NameFilter(Hostname);
        var store = new AccessTokenStore(Folder is null ? null : GetUnresolvedProviderPathFromPSPath(Folder));
        foreach (StoredAccessToken token in store.List().Where(token => filter.Matches(AccessTokenStore.HostnameOf(token))).ToList())
        {
            if (ShouldProcess(AccessTokenStore.HostnameOf(token), $"Forget the token of {token.Email}"))
            {
                store.Remove(token, IncludeTeam);
            }
        }

        return Task.CompletedTask;
    }
}
