using System.Management.Automation;
using Tunnel.Core.Applications;
using Tunnel.PowerShell.Completion;
using Tunnel.PowerShell.Pipeline;

namespace Tunnel.PowerShell.Access;

/// <summary>A cmdlet that says how an application meets its visitors.</summary>
public abstract class ApplicationSettingsCmdlet : AccountCmdlet
{
    /// <summary>What is behind the hostname: self_hosted (anything over HTTPS, SSH through a tunnel among it) or ssh (a terminal in the browser).</summary>
    [Parameter]
    [ValidateSet("self_hosted", "ssh")]
    public string? Type { get; set; }

    /// <summary>How long a sign-in holds, such as 30m or 24h.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? SessionDuration { get; set; }

    /// <summary>The names or ids of the identity providers that people may sign in with. An empty list: all of the account.</summary>
    [Parameter]
    [AllowEmptyCollection]
    [ArgumentCompleter(typeof(IdentityProviderNameCompleter))]
    public string[]? AllowedIdentityProvider { get; set; }

    /// <summary>Whether people go straight to the one allowed identity provider, without a page to choose from.</summary>
    [Parameter]
    public bool? AutoRedirectToIdentity { get; set; }

    /// <summary>The names or ids of the reusable policies to hold, the first one asked first, after the application's own.</summary>
    [Parameter]
    [AllowEmptyCollection]
    [ArgumentCompleter(typeof(ReusablePolicyNameCompleter))]
    public string[]? Policy { get; set; }

    /// <summary>Whether a machine without a valid service token gets the status 401 instead of the sign-in page.</summary>
    [Parameter]
    public bool? ServiceAuth401Redirect { get; set; }

    /// <summary>What people read who are refused.</summary>
    [Parameter]
    [AllowEmptyString]
    public string? DenyMessage { get; set; }

    /// <summary>Where people are sent who are refused, instead of the page that says so.</summary>
    [Parameter]
    [AllowEmptyString]
    public string? DenyUrl { get; set; }

    /// <summary>Labels, for finding and grouping.</summary>
    [Parameter]
    [AllowEmptyCollection]
    public string[]? Tag { get; set; }

    private protected ApplicationCatalog Applications => new(Connected.Api, Connected.AccountId);

    private protected ApplicationChange Settings => new()
    {
        Type = Type,
        SessionDuration = SessionDuration,
        AllowedIdentityProviders = AllowedIdentityProvider,
        AutoRedirectToIdentity = AutoRedirectToIdentity,
        Policies = Policy,
        ServiceAuth401Redirect = ServiceAuth401Redirect,
        DenyMessage = DenyMessage,
        DenyUrl = DenyUrl,
        Tags = Tag,
    };
}
