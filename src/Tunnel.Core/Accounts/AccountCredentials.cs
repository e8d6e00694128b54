using Tunnel.Core.Api;
using Tunnel.Protocol.Credentials;

namespace Tunnel.Core.Accounts;

/// <summary>A way to sign in that lies ready on this machine: environment variables, or the file of an earlier login.</summary>
public sealed class AccountCredentials
{
    private const int MaxFileLength = 256 * 1024;
    private const string CertificateName = "cert.pem";

    private static readonly string[] TokenVariables = ["CLOUDFLARE_API_TOKEN", "CF_API_TOKEN"];
    private static readonly string[] AccountVariables = ["CLOUDFLARE_ACCOUNT_ID", "CF_ACCOUNT_ID"];
    private static readonly string[] AddressVariables = ["CLOUDFLARE_BASE_URL", "CLOUDFLARE_API_BASE_URL"];

    private AccountCredentials(string apiToken, string source)
    {
        ApiToken = apiToken;
        Source = source;
    }

    /// <summary>The API token: a secret.</summary>
    public string ApiToken { get; }

    /// <summary>Where it comes from, for people.</summary>
    public string Source { get; }

    /// <summary>The account that it is for, when that is said.</summary>
    public string? AccountId { get; private init; }

    /// <summary>The API's address, when that is said.</summary>
    public Uri? ApiAddress { get; private init; }

    /// <summary>
    /// Finds what Cloudflare's own tools would use: the token of <c>CLOUDFLARE_API_TOKEN</c> (with
    /// <c>CLOUDFLARE_ACCOUNT_ID</c> and <c>CLOUDFLARE_BASE_URL</c>), or else the origin certificate that
    /// <c>TUNNEL_ORIGIN_CERT</c> names, or else <c>cert.pem</c> where cloudflared looks for it.
    /// </summary>
    /// <param name="variable">Reads an environment variable.</param>
    /// <param name="folders">Where cloudflared looks for its files, in this order.</param>
    /// <exception cref="AccountException">There is nothing, or it cannot be used.</exception>
    public static AccountCredentials Find(Func<string, string?> variable, IEnumerable<string> folders)
    {
        ArgumentNullException.ThrowIfNull(variable);
        ArgumentNullException.ThrowIfNull(folders);
        var account = First(variable, AccountVariables).Value;
        var address = ReadAddress(First(variable, AddressVariables));
        if (First(variable, TokenVariables) is { Value: { } token } named)
        {
            return new AccountCredentials(token, $"the environment variable {named.Name}") { AccountId = account, ApiAddress = address };
        }

        var file = First(variable, ["TUNNEL_ORIGIN_CERT"]).Value
            ?? folders.Select(folder => Path.Combine(folder, CertificateName)).FirstOrDefault(File.Exists)
            ?? throw new AccountException(
                "There is no API token: give one with -ApiToken, set CLOUDFLARE_API_TOKEN, or log in for a certificate with -Browser.");
        var certificate = FromCertificate(file);
        return new AccountCredentials(certificate.ApiToken, certificate.Source)
        {
            AccountId = certificate.AccountId, ApiAddress = certificate.ApiAddress ?? address,
        };
    }

    /// <summary>Reads an origin certificate, which a login wrote.</summary>
    /// <exception cref="AccountException">The file is missing, unreadable, or no origin certificate.</exception>
    public static AccountCredentials FromCertificate(string file)
    {
        try
        {
            if (new FileInfo(file).Length > MaxFileLength)
            {
                throw new AccountException($"The file '{file}' is too large to be an origin certificate.");
            }

            var certificate = OriginCertificate.Parse(File.ReadAllText(file));
            return new AccountCredentials(certificate.ApiToken, $"the origin certificate {file}")
            {
                AccountId = certificate.AccountId,
                ApiAddress = certificate.Endpoint is "fed" ? TunnelApiOptions.FederalAddress : null,
            };
        }
        catch (CredentialFormatException e)
        {
            throw new AccountException($"The file '{file}' cannot be used: {e.Message}", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new AccountException($"The origin certificate '{file}' cannot be read: {e.Message}", e);
        }
    }

    public override string ToString() => Source;

    private static (string Name, string? Value) First(Func<string, string?> variable, string[] names)
    {
        foreach (var name in names)
        {
            if (variable(name) is { } value && !string.IsNullOrWhiteSpace(value))
            {
                return (name, value.Trim());
            }
        }

        return (names[0], null);
    }

    private static Uri? ReadAddress((string Name, string? Value) named) => named.Value is null ? null
        : Uri.TryCreate(named.Value, UriKind.Absolute, out var address) ? address
        : throw new AccountException($"The environment variable {named.Name} is no address.");
}
