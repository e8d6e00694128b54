using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Tunnel.Edge.Mail;

namespace Tunnel.Edge;

/// <summary>Where an embedded edge listens and keeps its state.</summary>
public sealed record EdgeOptions
{
    /// <summary>A folder of the edge's own: its store, its certificate authority, its keys. Made with mode 0700.</summary>
    public required string StateDirectory { get; init; }

    /// <summary>Where connectors dial in. Port 0 takes a free one.</summary>
    public IPEndPoint TunnelAddress { get; init; } = new(IPAddress.Loopback, 0);

    /// <summary>Where visitors come, over HTTPS.</summary>
    public IPEndPoint PublicAddress { get; init; } = new(IPAddress.Loopback, 0);

    /// <summary>Where the API is served, over HTTPS: keep it away from visitors.</summary>
    public IPEndPoint ApiAddress { get; init; } = new(IPAddress.Loopback, 0);

    /// <summary>The account's name; used at the first start.</summary>
    public string AccountName { get; init; } = "Tunnel";

    /// <summary>The host that signs people in and issues tokens; used at the first start.</summary>
    public string TeamDomain { get; init; } = "tunnel.cloudflareaccess.test";

    /// <summary>What connectors are told of where they ended; Cloudflare uses airport codes.</summary>
    public string LocationName { get; init; } = "LOC";

    /// <summary>How long an entry of the request log is kept; longer than nothing.</summary>
    /// <exception cref="ArgumentException">It is not longer than nothing: the log would never show anything.</exception>
    public TimeSpan AccessLogRetention
    {
        get;
        init => field = value > TimeSpan.Zero ? value
            : throw new ArgumentException("The access log is kept for longer than nothing.", nameof(value));
    } = TimeSpan.FromDays(30);

    /// <summary>
    /// Let new zones wait for an activation check, as they wait at Cloudflare until the domain is delegated: for trying
    /// what waits for them. Otherwise a zone is active at once.
    /// </summary>
    public bool ZonesStartPending { get; init; }

    /// <summary>Where one-time PINs are mailed through; null: they are files in <see cref="OutboxDirectory"/>.</summary>
    public EdgeMailOptions? Mail { get; init; }

    /// <summary>Where mail goes that no server is set for; null: <c>outbox</c> in the state folder.</summary>
    public string? OutboxDirectory { get; init; }

    /// <summary>The only authorities that vouch for identity providers, such as those of a closed network; null: the system's.</summary>
    public X509Certificate2Collection? IdentityProviderAuthorities { get; init; }

    /// <summary>
    /// Other addresses for hosts of identity providers, such as those of a GitHub Enterprise Server
    /// (<c>github.com</c>: <c>https://git.example.com</c>, <c>api.github.com</c>: <c>https://git.example.com/api/v3</c>).
    /// </summary>
    public IReadOnlyDictionary<string, Uri> IdentityProviderHosts { get; init; } = new Dictionary<string, Uri>();

    /// <summary>
    /// A database in MaxMind's format that says in which country an address lies, such as GeoLite2-Country.mmdb; null: no
    /// country is known, and a rule on one lets nobody in.
    /// </summary>
    public string? CountryDatabase { get; init; }

    /// <summary>
    /// The only authorities that vouch for the endpoints of external evaluation rules, such as those of a closed network;
    /// null: the system's.
    /// </summary>
    public X509Certificate2Collection? ExternalEvaluationAuthorities { get; init; }

    /// <summary>
    /// Whether endpoints of external evaluation rules may be on this machine's loopback addresses. Whoever may write a policy
    /// then makes the edge call what listens there.
    /// </summary>
    public bool AllowLoopbackEvaluation { get; init; }

    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    public ILoggerFactory LoggerFactory { get; init; } = NullLoggerFactory.Instance;

    /// <summary>These options with a mail server; unchanged where none is named.</summary>
    /// <exception cref="ArgumentException">Something of it is missing, or cannot be read.</exception>
    public EdgeOptions WithMail(string? server, string? from, string? userName, string? password, bool allowPlaintext)
    {
        if (server is null)
        {
            return from is null && userName is null && !allowPlaintext ? this
                : throw new ArgumentException("Name the mail server, too.", nameof(server));
        }

        return EdgeMailOptions.TryReadServer(server, out var host, out var port) ? this with
        {
            Mail = new EdgeMailOptions
            {
                Host = host,
                Port = port,
                From = from ?? throw new ArgumentException("Name the address that mail comes from, too.", nameof(from)),
                UserName = userName,
                Password = password,
                AllowPlaintext = allowPlaintext,
            },
        }
        : throw new ArgumentException($"'{server}' is not host or host:port, such as mail.example.com:587 or [::1]:25.", nameof(server));
    }

    /// <summary>These options with the only authorities for identity providers; unchanged where no file is named.</summary>
    /// <exception cref="ArgumentException">The file holds none.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public EdgeOptions WithIdentityProviderAuthorities(string? file)
    {
        if (file is null)
        {
            return this;
        }

        var authorities = new X509Certificate2Collection();
        try
        {
            authorities.ImportFromPemFile(file);
        }
        catch (CryptographicException error)
        {
            throw new ArgumentException($"'{file}' cannot be read: {error.Message}", nameof(file), error);
        }

        return authorities.Count > 0 ? this with { IdentityProviderAuthorities = authorities }
            : throw new ArgumentException($"'{file}' holds no certificate.", nameof(file));
    }

    /// <summary>Reads a PEM file of authorities, for the options that take them.</summary>
    /// <exception cref="IOException">It cannot be read, or holds no certificate.</exception>
    public static X509Certificate2Collection ReadAuthorities(string path)
    {
        var authorities = new X509Certificate2Collection();
        try
        {
            authorities.ImportFromPemFile(path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or CryptographicException)
        {
            throw new IOException($"'{path}' cannot be read: {error.Message}", error);
        }

        return authorities.Count > 0 ? authorities : throw new IOException($"'{path}' holds no certificate.");
    }
}
