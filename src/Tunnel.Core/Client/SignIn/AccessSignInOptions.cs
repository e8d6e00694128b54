namespace Tunnel.Core.Client.SignIn;

/// <summary>How a person's token for an application is got.</summary>
public sealed class AccessSignInOptions
{
    /// <summary>
    /// The application's address, and how it is reached: all of the team's addresses are reached in the same way. What
    /// proves an identity in there is not used.
    /// </summary>
    public required AccessClientOptions Client { get; init; }

    /// <summary>Where tokens are kept.</summary>
    public AccessTokenStore Store { get; init; } = new();

    /// <summary>Tells the person the lines to read: what to open, or what is waited for.</summary>
    public required Action<IEnumerable<string>> Say { get; init; }

    /// <summary>Whether a browser is started; else the link is only told.</summary>
    public bool OpensBrowser { get; init; } = true;

    /// <summary>Whether the page in the browser closes itself at the end.</summary>
    public bool ClosesPage { get; init; }

    /// <summary>
    /// Where what the browser grants is fetched; null: Cloudflare's store for a team of Cloudflare's, and else the team's own address.
    /// </summary>
    public Uri? TransferAddress { get; init; }

    /// <summary>What the person, in the program at hand, names an authority with that the system does not trust.</summary>
    public required string CertificateAuthorityOption { get; init; }

    /// <summary>How long the person may take.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>Reads environment variables: they tell whether there is a browser.</summary>
    public Func<string, string?> Variable { get; init; } = Environment.GetEnvironmentVariable;

    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;
}
