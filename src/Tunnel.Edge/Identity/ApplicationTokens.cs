using System.Collections.Concurrent;
using System.Text;
using System.Text.Json;
using Microsoft.IdentityModel.JsonWebTokens;
using Tunnel.Edge.Store;
using Tunnel.Protocol.Tokens;

namespace Tunnel.Edge.Identity;

/// <summary>Issues and checks the tokens that prove, to the edge and to origins, who a visitor is.</summary>
internal sealed class ApplicationTokens(SigningKeys keys, TimeProvider time)
{
    /// <summary>An RSA signature costs about a millisecond: a machine that comes again is given the same token.</summary>
    private const int MaxRemembered = 1024;

    private const string ApplicationType = "app";
    private const string OrganizationType = "org";

    /// <summary>Clients take metadata for a day at most.</summary>
    private static readonly TimeSpan s_metadataDuration = TimeSpan.FromHours(1);

    // Apart, since strangers choose the hostnames of the second.
    private readonly ConcurrentDictionary<Remembered, (string Token, DateTimeOffset RenewAt)> _machines = new();
    private readonly ConcurrentDictionary<Remembered, (string Token, DateTimeOffset RenewAt)> _metadata = new();

    /// <summary>What <c>/cdn-cgi/access/certs</c> answers.</summary>
    public byte[] KeySet => keys.Document;

    public static string Issuer(OrganizationRecord organization) => "https://" + organization.AuthDomain;

    /// <summary>A token that says that a machine was let into the application.</summary>
    /// <param name="country">Where it is; null where that is not known.</param>
    public string IssueForMachine(
        AccessApplicationRecord application, OrganizationRecord organization, VerifiedIdentity machine, string? country, TimeSpan duration)
    {
        var name = machine.MachineName;
        // An origin that looks at the token alone must not believe it longer than what it was issued for.
        var end = machine.ServiceToken?.ExpiresAt ?? machine.Machine?.Until;
        var about = new Remembered(Issuer(organization), application.Aud, name, $"{machine.Nonce} {country} {end:O}", duration);
        var left = end - time.GetUtcNow();
        duration = left < duration ? left.Value : duration;
        return Remember(_machines, about, duration, () => Sign(
            ApplicationType, application.Aud, organization, duration, writer =>
            {
                // A service token has no subject; its client id is the common name.
                writer.WriteString("common_name", name);
                writer.WriteString("sub", "");
                writer.WriteString("identity_nonce", machine.Nonce);
                WriteCountry(writer, country);
            }));
    }

    /// <summary>A token that says that a person was let into the application.</summary>
    public string IssueForPerson(
        AccessApplicationRecord application, OrganizationRecord organization, AccessSessionRecord session,
        AccessApplicationSession opened, string? country, TimeSpan duration) =>
        Sign(ApplicationType, application.Aud, organization, duration, writer =>
        {
            WritePerson(writer, session, country);
            writer.WriteString("sid", opened.Id);
        });

    /// <summary>A token that says that a person has signed in; it opens the sign-in of applications and nothing else.</summary>
    public string IssueForOrganization(OrganizationRecord organization, AccessSessionRecord session, string? country) =>
        Sign(OrganizationType, organization.AuthDomain, organization, session.ExpiresAt - time.GetUtcNow(),
            writer => WritePerson(writer, session, country));

    /// <summary>Which application a hostname belongs to, for clients that want to sign in.</summary>
    /// <remarks>
    /// Anybody is given it, with the application's audience and the team's signature. Connectors and origins that look at
    /// issuer, audience and signature alone, as cloudflared does, must not take it for a sign-in: its issuer is another.
    /// </remarks>
    public string IssueMetadata(
        AccessApplicationRecord application, OrganizationRecord organization, string hostname, string applicationHostname) =>
        Remember(_metadata, new(Issuer(organization), application.Aud, hostname, applicationHostname, s_metadataDuration), s_metadataDuration, () => Sign(
            "match", application.Aud, organization, s_metadataDuration,
            writer =>
            {
                writer.WriteString("auth_domain", organization.AuthDomain);
                writer.WriteString("hostname", hostname);
                writer.WriteString("app_hostname", applicationHostname);
            },
            isAudienceText: true, issuer: Issuer(organization) + "/metadata"));

    /// <exception cref="AccessTokenException">It is not a valid token for the application.</exception>
    public Task<AccessTokenClaims> ValidateAsync(string token, AccessApplicationRecord application, OrganizationRecord organization) =>
        ValidateAsync(token, [application.Aud], organization);

    /// <param name="audiences">The audience tags of the applications that it may be for.</param>
    /// <exception cref="AccessTokenException">It is not a valid token for one of them.</exception>
    public Task<AccessTokenClaims> ValidateAsync(string token, IReadOnlyList<string> audiences, OrganizationRecord organization) =>
        audiences.Count > 0
            ? ValidateAsync(token, ApplicationType, audiences, organization)
            : throw new AccessTokenException(AccessTokenRefusal.WrongAudience, "There is no application.");

    /// <exception cref="AccessTokenException">It is not a valid token of a signed-in person.</exception>
    public Task<AccessTokenClaims> ValidateOrganizationAsync(string token, OrganizationRecord organization) =>
        ValidateAsync(token, OrganizationType, [organization.AuthDomain], organization);

    private async Task<AccessTokenClaims> ValidateAsync(
        string token, string type, IReadOnlyList<string> audiences, OrganizationRecord organization)
    {
        var claims = await new AccessTokenValidator(new AccessTokenValidatorOptions
        {
            Issuer = Issuer(organization),
            Audiences = audiences,
            Keys = keys.Accepted,
            ClockSkew = TimeSpan.Zero, // the same clock wrote the token
            TimeProvider = time,
        }).ValidateAsync(token).ConfigureAwait(false);
        return claims.Type == type
            ? claims
            : throw new AccessTokenException(AccessTokenRefusal.MissingClaim, "The token is of another kind.");
    }

    private static void WritePerson(Utf8JsonWriter writer, AccessSessionRecord session, string? country)
    {
        WriteCountry(writer, country);
        writer.WriteString("email", session.Email);
        writer.WriteString("sub", session.UserId.ToString("D"));
        writer.WriteString("identity_nonce", session.Nonce);
    }

    private static void WriteCountry(Utf8JsonWriter writer, string? country)
    {
        if (country is not null)
        {
            writer.WriteString("country", country);
        }
    }

    private string Remember(ConcurrentDictionary<Remembered, (string Token, DateTimeOffset RenewAt)> issued, Remembered about, TimeSpan duration, Func<string> issue)
    {
        var now = time.GetUtcNow();
        about = about with { KeyId = keys.Signing.Id }; // a token of the key before it would count for days only
        if (issued.TryGetValue(about, out var known) && known.RenewAt > now)
        {
            return known.Token;
        }

        var token = issue();
        if (issued.Count >= MaxRemembered)
        {
            issued.Clear();
        }

        issued[about] = (token, now + (duration / 2));
        return token;
    }

    private string Sign(
        string type, string audience, OrganizationRecord organization, TimeSpan duration, Action<Utf8JsonWriter> write,
        bool isAudienceText = false, string? issuer = null)
    {
        var now = time.GetUtcNow();
        using var json = new MemoryStream();
        using (var writer = new Utf8JsonWriter(json))
        {
            writer.WriteStartObject();
            if (isAudienceText)
            {
                writer.WriteString("aud", audience);
            }
            else
            {
                writer.WriteStartArray("aud");
                writer.WriteStringValue(audience);
                writer.WriteEndArray();
            }

            writer.WriteString("iss", issuer ?? Issuer(organization));
            writer.WriteString("type", type);
            writer.WriteNumber("iat", now.ToUnixTimeSeconds());
            writer.WriteNumber("nbf", now.ToUnixTimeSeconds());
            writer.WriteNumber("exp", (now + duration).ToUnixTimeSeconds());
            write(writer);
            writer.WriteEndObject();
        }

        return new JsonWebTokenHandler { SetDefaultTimesOnTokenCreation = false }
            .CreateToken(Encoding.UTF8.GetString(json.ToArray()), keys.Signing.Credentials);
    }

    private sealed record Remembered(string Issuer, string Audience, string Subject, string Nonce, TimeSpan Duration, string KeyId = "");
}
