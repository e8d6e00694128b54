using System.Net;
using System.Net.Http.Headers;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Tunnel.Access;
using Tunnel.Core.Api;
using Tunnel.Core.Client;
using Tunnel.Core.Connector;
using Tunnel.Edge;
using Tunnel.Protocol.Configuration;
using Tunnel.Protocol.Credentials;

namespace Tunnel.Testing;

/// <summary>A real edge on loopback with a zone <c>example.test</c>, and what a test does with it through its API.</summary>
public sealed class EdgeLab : IAsyncDisposable
{
    public const string Zone = "example.test";

    private readonly TemporaryDirectory _directory = new();
    private readonly List<TunnelConnector> _connectors = [];
    private readonly TimeProvider _time;

    private readonly Func<EdgeOptions, EdgeOptions> _configure;

    private EdgeLab(TimeProvider time, Func<EdgeOptions, EdgeOptions> configure) => (_time, _configure) = (time, configure);

    public EmbeddedEdge Edge { get; private set; } = null!;

    public TunnelApiClient Api { get; private set; } = null!;

    public X509Certificate2Collection Authorities { get; } = [];

    public DnsEndPoint TunnelAddress => new("127.0.0.1", Edge.TunnelEndPoint.Port);

    public DnsEndPoint PublicAddress => new("127.0.0.1", Edge.PublicEndPoint.Port);

    public string StateDirectory => _directory.File("edge");

    /// <summary>A path in the lab's own folder.</summary>
    public string File(string name) => _directory.File(name);

    public static async Task<EdgeLab> StartAsync(TimeProvider? time = null, Func<EdgeOptions, EdgeOptions>? configure = null)
    {
        var lab = new EdgeLab(time ?? TimeProvider.System, configure ?? (options => options));
        try
        {
            await lab.StartEdgeAsync();
            await lab.Api.Zones.CreateAsync(lab.Edge.AccountId, Zone);
            return lab;
        }
        catch
        {
            await lab.DisposeAsync();
            throw;
        }
    }

    /// <summary>Stops the edge, as a crash would, and starts it again on the same ports and state.</summary>
    /// <param name="whileDown">Runs between the two.</param>
    public async Task RestartEdgeAsync(Func<Task>? whileDown = null)
    {
        var (tunnel, visitors, api) = (Edge.TunnelEndPoint, Edge.PublicEndPoint, Edge.ApiAddress);
        await Edge.DisposeAsync();
        await (whileDown?.Invoke() ?? Task.CompletedTask);
        await StartEdgeAsync(tunnel, visitors, new IPEndPoint(IPAddress.Loopback, api.Port));
    }

    /// <summary>Makes a tunnel and routes the hostname to it.</summary>
    public async Task<TunnelCredentials> AddTunnelAsync(string hostname)
    {
        var secret = RandomNumberGenerator.GetBytes(32);
        var tunnel = await Api.Tunnels.CreateAsync(Edge.AccountId, hostname, secret);
        var id = Guid.Parse(tunnel.Id);
        var zone = await Api.Zones.ListAsync(new ZoneFilter { Name = Zone }).FirstAsync();
        await Api.Tunnels.RouteDnsAsync(zone.Id, id, hostname);
        return new TunnelCredentials(Edge.AccountId, secret, id);
    }

    /// <summary>Starts a connector and waits until all its connections are registered.</summary>
    public async Task<TunnelConnector> ConnectAsync(TunnelCredentials credentials, string hostname, string url, int connections = 4)
    {
        var connector = new TunnelConnector(Options(credentials, hostname, url) with { Connections = connections });
        _connectors.Add(connector);
        await connector.StartAsync();
        using var limit = new CancellationTokenSource(Eventually.Limit);
        await connector.WaitUntilHealthyAsync(connections, limit.Token);
        return connector;
    }

    public ConnectorOptions Options(TunnelCredentials credentials, string hostname, string url) => new()
    {
        Credentials = credentials,
        Configuration = TunnelConfiguration.ParseYaml($"""
            ingress:
              - hostname: {hostname}
                service: {url}
              - service: http_status:404
            """),
        EdgeAddresses = [TunnelAddress],
        CertificateAuthorities = Authorities,
    };

    /// <summary>A tunnel, its route and a running connector for one hostname.</summary>
    public async Task<TunnelConnector> PublishAsync(string hostname, string url, int connections = 4) =>
        await ConnectAsync(await AddTunnelAsync(hostname), hostname, url, connections);

    /// <summary>Locks a hostname with an application and its policies, in the order given.</summary>
    public async Task<AccessApplication> ProtectAsync(string hostname, params AccessPolicyResource[] policies)
    {
        var application = await Api.Applications.CreateAsync(Edge.AccountId, new AccessApplication
        {
            Name = hostname,
            Domain = hostname,
            Type = "self_hosted",
            SessionDuration = "24h",
        });
        var precedence = 1;
        foreach (var policy in policies)
        {
            await Api.Policies.CreateAsync(Edge.AccountId, application.Id, policy with { Precedence = precedence++ });
        }

        return application;
    }

    /// <summary>Locks a hostname so that only a new service token opens it.</summary>
    public async Task<ServiceToken> ProtectWithTokenAsync(string hostname)
    {
        var token = await Api.ServiceTokens.CreateAsync(Edge.AccountId, hostname);
        await ProtectAsync(hostname, Policy(AccessDecision.NonIdentity, new ServiceTokenRule(token.Id)));
        return token;
    }

    public static AccessPolicyResource Policy(AccessDecision decision, params AccessRule[] include) =>
        new() { Name = decision.ToString(), Decision = decision, Include = include };

    /// <summary>Opens a stream as a visitor does.</summary>
    public Task<AccessStream> VisitAsync(string hostname, ServiceToken? token = null) => AccessStream.ConnectAsync(new AccessClientOptions
    {
        Address = hostname,
        ConnectTo = PublicAddress,
        CertificateAuthorities = Authorities,
        ServiceTokenId = token?.ClientId,
        ServiceTokenSecret = token?.ClientSecret,
    });

    /// <summary>The application token that a machine is given at a hostname that lets it in.</summary>
    public async Task<string> EarnTokenAsync(string hostname, ServiceToken machine)
    {
        ArgumentNullException.ThrowIfNull(machine);
        using var browser = Browser();
        using var request = new HttpRequestMessage(HttpMethod.Get, $"https://{hostname}/")
        {
            Headers = { { "CF-Access-Client-Id", machine.ClientId }, { "CF-Access-Client-Secret", machine.ClientSecret } },
        };
        using var response = await browser.SendAsync(request);
        return response.Headers.GetValues("Set-Cookie").Single(c => c.StartsWith("CF_Authorization=", StringComparison.Ordinal)).Split('=', ';')[1];
    }

    /// <summary>An HTTP client whose every hostname is the edge.</summary>
    public HttpClient Browser() => new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        ConnectCallback = async (_, cancellationToken) =>
        {
            var socket = new System.Net.Sockets.Socket(System.Net.Sockets.SocketType.Stream, System.Net.Sockets.ProtocolType.Tcp);
            await socket.ConnectAsync(Edge.PublicEndPoint, cancellationToken);
            return new System.Net.Sockets.NetworkStream(socket, ownsSocket: true);
        },
        SslOptions = Trusting(null),
    });

    /// <summary>A bare client of the API, for calls that the typed one does not have.</summary>
    public HttpClient ApiHttp() => new(new SocketsHttpHandler { SslOptions = Trusting(null) })
    {
        BaseAddress = Edge.ApiAddress,
        DefaultRequestHeaders = { Authorization = new AuthenticationHeaderValue("Bearer", Edge.ApiToken) },
    };

    /// <summary>TLS options of a client that trusts the edge's authority and nothing else.</summary>
    public SslClientAuthenticationOptions Trusting(string? serverName)
    {
        var policy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            RevocationMode = X509RevocationMode.NoCheck,
        };
        policy.CustomTrustStore.AddRange(Authorities);
        return new SslClientAuthenticationOptions { TargetHost = serverName, CertificateChainPolicy = policy };
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var connector in _connectors)
        {
            await connector.DisposeAsync();
        }

        Api?.Dispose();
        if (Edge is not null)
        {
            await Edge.DisposeAsync();
        }

        _directory.Dispose();
    }

    private async Task StartEdgeAsync(IPEndPoint? tunnel = null, IPEndPoint? visitors = null, IPEndPoint? api = null)
    {
        Edge = await EmbeddedEdge.StartAsync(_configure(new EdgeOptions
        {
            StateDirectory = StateDirectory,
            TunnelAddress = tunnel ?? Any(),
            PublicAddress = visitors ?? Any(),
            ApiAddress = api ?? Any(),
            TimeProvider = _time,
        }));
        if (Authorities.Count == 0)
        {
            Authorities.ImportFromPemFile(Edge.CertificateAuthorityFile);
        }

        Api?.Dispose();
        Api = new TunnelApiClient(new TunnelApiOptions
        {
            BaseAddress = Edge.ApiAddress,
            ApiToken = Edge.ApiToken,
            CertificateAuthorities = Authorities,
        });
    }

    // For a restart these have to be free still.
    private static IPEndPoint Any() => new(IPAddress.Loopback, LoopbackPort.Next());
}
