using System.Management.Automation;
using System.Net;
using System.Security;
using Tunnel.Core.Api;
using Tunnel.Core.Applications;

namespace Tunnel.PowerShell.Access;

/// <summary>A service token. Its secret is there only on the object that New- or Reset-AccessServiceToken gave.</summary>
public sealed class AccessServiceToken
{
    private AccessServiceToken(string clientId, SecureString? clientSecret)
    {
        ClientId = clientId;
        ClientSecret = clientSecret;
    }

    /// <summary>What policies name.</summary>
    public string Id { get; private init; } = string.Empty;

    public string? Name { get; private init; }

    /// <summary>What a visitor's client sends in CF-Access-Client-Id.</summary>
    public string ClientId { get; }

    /// <summary>What a visitor's client sends in CF-Access-Client-Secret; null where it is not known any more.</summary>
    public SecureString? ClientSecret { get; }

    public string? Duration { get; private init; }

    public DateTimeOffset? ExpiresAt { get; private init; }

    /// <summary>Whether machines get in with it.</summary>
    public AccessServiceTokenState State { get; private init; }

    public DateTimeOffset? LastSeenAt { get; private init; }

    public DateTimeOffset? CreatedAt { get; private init; }

    /// <summary>Client id and secret, for whatever takes a credential.</summary>
    /// <exception cref="InvalidOperationException">The secret is not known.</exception>
    public PSCredential ToCredential() => new(ClientId, ClientSecret ?? throw new InvalidOperationException(
        $"The secret of {this} was told once, when it was made. Reset-AccessServiceToken makes another one."));

    public override string ToString() => Name ?? ClientId;

    internal static AccessServiceToken From(ServiceToken token, ServiceTokenExpiry expiry)
    {
        SecureString? secret = token.ClientSecret is { } text ? new NetworkCredential(string.Empty, text).SecurePassword : null;
        secret?.MakeReadOnly();
        return new AccessServiceToken(token.ClientId ?? string.Empty, secret)
        {
            Id = token.Id,
            Name = token.Name,
            Duration = token.Duration,
            ExpiresAt = token.ExpiresAt,
            State = StateOf(token, expiry),
            LastSeenAt = token.LastSeenAt,
            CreatedAt = token.CreatedAt,
        };
    }

    private static AccessServiceTokenState StateOf(ServiceToken token, ServiceTokenExpiry expiry) =>
        token.Enabled == false ? AccessServiceTokenState.Disabled
        : expiry switch
        {
            ServiceTokenExpiry.Expired => AccessServiceTokenState.Expired,
            ServiceTokenExpiry.Soon => AccessServiceTokenState.ExpiresSoon,
            _ => AccessServiceTokenState.Valid,
        };

    /// <summary>A token of which one has the two halves only.</summary>
    internal static AccessServiceToken From(PSCredential credential) => new(credential.UserName, credential.Password);
}
