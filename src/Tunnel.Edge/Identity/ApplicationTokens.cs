using System.Collections.Concurrent;
using System.Text;
using System.Text.Json;
using Microsoft.IdentityModel.JsonWebTokens;
using Tunnel.Edge.Store;
using Tunnel.Protocol.Tokens;

namespace Tunnel.Edge.Identity;

/// <summary>Issues and checks the tokens that prove, to the edge and to origins, who a visitor is.</summary>
internal sealed class ApplicationTokens(SigningKey key, TimeProvider time)
{
    /// <summary>An RSA signature costs about a millisecond: a visitor who comes again is shown the same token.</summary>
    private const int MaxRemembered = 1024;

    private readonly ConcurrentDictionary<(string Issuer, string Audience, string Subject, TimeSpan Duration), (string Token, DateTimeOffset RenewAt)> _issued = new();
    private readonly AccessTokenKeys _keys = new([new(key.Id, key.PublicKey)]);

    /// <summary>The public keys in the form of <c>/cdn-cgi/access/certs</c> (RFC 7517).</summary>
    public byte[] KeySet => _keys.ToJson();

    public static string Issuer(OrganizationRecord organization) => "https://" + organization.AuthDomain;

    /// <summary>A token that says that the visitor was let into the application.</summary>
    public string Issue(
        AccessApplicationRecord application, OrganizationRecord organization, VerifiedIdentity identity, TimeSpan duration)
    {
        var now = time.GetUtcNow();
        var about = (Issuer(organization), application.Aud, identity.Subject, duration);
        if (_issued.TryGetValue(about, out var known) && known.RenewAt > now)
        {
            return known.Token;
        }

        var expires = now + duration;
        var token = new JsonWebTokenHandler { SetDefaultTimesOnTokenCreation = false }
            .CreateToken(Encoding.UTF8.GetString(Claims(application, organization, identity, now, expires)), key.Credentials);
        if (_issued.Count >= MaxRemembered)
        {
            _issued.Clear();
        }

        _issued[about] = (token, now + (duration / 2));
        return token;
    }

    /// <exception cref="AccessTokenException">It is not a valid token for the application.</exception>
    public Task<AccessTokenClaims> ValidateAsync(string token, AccessApplicationRecord application, OrganizationRecord organization) =>
        new AccessTokenValidator(new AccessTokenValidatorOptions
        {
            Issuer = Issuer(organization),
            Audiences = [application.Aud],
            Keys = _keys,
            ClockSkew = TimeSpan.Zero, // the same clock wrote the token
            TimeProvider = time,
        }).ValidateAsync(token);

    private static byte[] Claims(
        AccessApplicationRecord application, OrganizationRecord organization, VerifiedIdentity identity,
        DateTimeOffset now, DateTimeOffset expires)
    {
        using var json = new MemoryStream();
        using (var writer = new Utf8JsonWriter(json))
        {
            writer.WriteStartObject();
            writer.WriteStartArray("aud");
            writer.WriteStringValue(application.Aud);
            writer.WriteEndArray();
            writer.WriteString("iss", Issuer(organization));
            writer.WriteString("type", "app");
            writer.WriteNumber("iat", now.ToUnixTimeSeconds());
            writer.WriteNumber("nbf", now.ToUnixTimeSeconds());
            writer.WriteNumber("exp", expires.ToUnixTimeSeconds());
            if (identity.ServiceToken is { } serviceToken)
            {
                // A service token has no subject; its client id is the common name.
                writer.WriteString("common_name", serviceToken.ClientId);
                writer.WriteString("sub", "");
            }
            else
            {
                writer.WriteString("email", identity.Email);
                writer.WriteString("sub", identity.Email);
            }

            writer.WriteEndObject();
        }

        return json.ToArray();
    }
}
