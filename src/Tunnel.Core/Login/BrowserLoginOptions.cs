namespace Tunnel.Core.Login;

/// <summary>Where a person logs in, and where the certificate goes.</summary>
public sealed record BrowserLoginOptions
{
    /// <summary>Cloudflare's page for it.</summary>
    public static readonly Uri CloudflareLoginAddress = new("https://dash.cloudflare.com/argotunnel");

    /// <summary>Cloudflare's store, from which the certificate is fetched.</summary>
    public static readonly Uri CloudflareCallbackAddress = new("https://login.cloudflareaccess.org/");

    /// <summary>Where an edge whose login page this is has its store.</summary>
    public static Uri CallbackOf(Uri loginAddress)
    {
        ArgumentNullException.ThrowIfNull(loginAddress);
        return loginAddress == CloudflareLoginAddress ? CloudflareCallbackAddress : new Uri(loginAddress, "/");
    }

    /// <summary>The page on which the person signs in and picks a zone.</summary>
    public Uri LoginAddress { get; init; } = CloudflareLoginAddress;

    /// <summary>The store from which the certificate is fetched.</summary>
    public Uri CallbackAddress { get; init; } = CloudflareCallbackAddress;

    /// <summary>
    /// Whether the certificate is to arrive encrypted to the login's key; null: as the store can. Cloudflare's own page
    /// leaves certificates unencrypted, as cloudflared's login expects: TLS and a key that nobody can guess protect them.
    /// An embedded edge encrypts.
    /// </summary>
    public bool? IsEncrypted { get; init; }

    /// <summary>The file to write, readable by its owner only. Its folder is made if it is not there.</summary>
    public required string CertificateFile { get; init; }

    /// <summary>Whether a file that is there may be replaced: it is the only copy of the secret in it.</summary>
    public bool Overwrite { get; init; }

    /// <summary>A PEM file with the authorities to trust instead of the system's.</summary>
    public string? CertificateAuthorityFile { get; init; }

    /// <summary>How long the person may take.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>Reads environment variables: they tell whether there is a browser.</summary>
    public Func<string, string?> Variable { get; init; } = Environment.GetEnvironmentVariable;

    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;
}
