using System.Security;

namespace Tunnel.Core.Client.SignIn;

/// <summary>A person's token for one Access application, as it is kept on this machine.</summary>
public sealed class AccessToken
{
    /// <param name="stored">The token in its file.</param>
    /// <param name="now">By which it has expired, or not.</param>
    public AccessToken(StoredAccessToken stored, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(stored);
        Hostname = AccessTokenStore.HostnameOf(stored);
        Email = stored.Email;
        Team = stored.Issuer is { } issuer && Uri.TryCreate(issuer, UriKind.Absolute, out var address) ? address.Host : stored.Issuer;
        Audience = stored.Audiences is [var audience, ..] ? audience : null;
        ExpiresAt = stored.ExpiresAt.ToLocalTime();
        IsExpired = stored.ExpiresAt <= now;
        File = stored.File;
        Token = Protect(stored.Token);
    }

    /// <summary>The application's hostname; where it has a wildcard, <c>-</c> stands for it.</summary>
    public string Hostname { get; }

    /// <summary>Whose it is.</summary>
    public string? Email { get; }

    /// <summary>The team's domain.</summary>
    public string? Team { get; }

    /// <summary>The application's audience tag.</summary>
    public string? Audience { get; }

    public DateTimeOffset ExpiresAt { get; }

    /// <summary>Whether its time is over. The team may have ended it before.</summary>
    public bool IsExpired { get; }

    /// <summary>Where it is kept, readable by its owner only.</summary>
    public string File { get; }

    /// <summary>The token itself, for the header <c>cf-access-token</c>.</summary>
    public SecureString Token { get; }

    /// <summary>Never the token.</summary>
    public override string ToString() => Hostname;

    private static SecureString Protect(string token)
    {
        var secret = new SecureString();
        foreach (var c in token)
        {
            secret.AppendChar(c);
        }

        secret.MakeReadOnly();
        return secret;
    }
}
