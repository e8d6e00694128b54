using System.Net;
using Microsoft.Extensions.Logging;
using Tunnel.Edge.Api;
using Tunnel.Edge.Certificates;
using Tunnel.Edge.Gateway;
using Tunnel.Edge.Identity;
using Tunnel.Edge.Identity.Certificates;
using Tunnel.Edge.Identity.SignIn;
using Tunnel.Edge.Login;
using Tunnel.Edge.Mail;
using Tunnel.Edge.Store;
using Tunnel.Edge.Transfers;
using Tunnel.Edge.Tunnels;

namespace Tunnel.Edge;

/// <summary>
/// An edge network in one process: connectors dial in on one port, visitors come to another, and a third serves the
/// API. It speaks Cloudflare's wire protocol and API, so the same cmdlets, connectors and clients work with both.
/// </summary>
/// <example><code>
/// await using var edge = await EmbeddedEdge.StartAsync(new EdgeOptions { StateDirectory = "/var/lib/tunnel-edge" }, ct);
/// Console.WriteLine(edge.ApiAddress);
/// </code></example>
public sealed class EmbeddedEdge : IAsyncDisposable
{
    private readonly EdgeStore _store;
    private readonly EdgeCertificateAuthority _authority;
    private readonly SigningKeys _keys;
    private readonly HttpClient _providers;
    private readonly ExternalEvaluations _evaluations;
    private readonly CountryDatabase? _countries;
    private readonly TransferStore _transfers;
    private readonly Stack<IAsyncDisposable> _running = new();
    private int _stopped;

    private EmbeddedEdge(EdgeOptions options)
    {
        StateDirectory = Path.GetFullPath(options.StateDirectory);
        _providers = ProviderHttp.Create(options.IdentityProviderAuthorities);
        _transfers = new TransferStore(new TransferStoreOptions { TimeProvider = options.TimeProvider });
        _store = EdgeStore.Open(new EdgeStoreOptions
        {
            StateDirectory = StateDirectory,
            AccountName = options.AccountName,
            AuthDomain = options.TeamDomain,
            TimeProvider = options.TimeProvider,
            AccessLogRetention = options.AccessLogRetention,
            LoggerFactory = options.LoggerFactory,
        });
        try
        {
            ApiToken = ReadOrIssueApiToken();
            _authority = EdgeCertificateAuthority.Open(StateDirectory, options.TimeProvider);
            ImportSigningKey();
            _keys = new SigningKeys(_store.SigningKeys);
            _countries = options.CountryDatabase is { } file ? CountryDatabase.Open(Path.GetFullPath(file)) : null;
            _evaluations = new ExternalEvaluations(_keys, new ExternalEvaluationOptions
            {
                Authorities = options.ExternalEvaluationAuthorities,
                AllowLoopback = options.AllowLoopbackEvaluation,
                TimeProvider = options.TimeProvider,
            }, options.LoggerFactory.CreateLogger<ExternalEvaluations>());
        }
        catch
        {
            _keys?.Dispose();
            _authority?.Dispose();
            _store.Dispose();
            throw;
        }
    }

    /// <summary>Where connectors dial in.</summary>
    public IPEndPoint TunnelEndPoint { get; private set; } = new(IPAddress.None, 0);

    /// <summary>Where visitors come, over HTTPS, for every hostname.</summary>
    public IPEndPoint PublicEndPoint { get; private set; } = new(IPAddress.None, 0);

    /// <summary>The API's base address, which ends in <c>/client/v4/</c>.</summary>
    public Uri ApiAddress { get; private set; } = new("https://localhost/client/v4/");

    /// <summary>Where a person authorizes a program that logs in: cloudflared's <c>--loginURL</c>.</summary>
    public Uri LoginAddress => new(ApiAddress, LoginPages.Path);

    /// <summary>Where that program fetches its certificate: cloudflared's <c>--callbackURL</c>.</summary>
    public Uri CallbackAddress => new(ApiAddress, "/");

    /// <summary>The certificate, PEM, that connectors, visitors and API clients have to trust.</summary>
    public string CertificateAuthorityFile => _authority.CertificateFile;

    /// <summary>The account's id: 32 hexadecimal digits.</summary>
    public string AccountId => _store.Account.Id;

    /// <summary>A token for everything that the API does; also in <c>api-token</c> in the state folder. A secret.</summary>
    public string ApiToken { get; }

    /// <summary>Where <see cref="ApiToken"/> is written, readable by its owner only.</summary>
    public string ApiTokenFile => Path.Combine(StateDirectory, "api-token");

    public string StateDirectory { get; }

    /// <summary>Starts the edge; when this returns all three ports accept connections.</summary>
    /// <exception cref="EdgeStoreException">The state folder is in use, or its database is damaged or newer.</exception>
    /// <exception cref="IOException">A port is taken, or the state folder cannot be written.</exception>
    public static async Task<EmbeddedEdge> StartAsync(EdgeOptions options, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        var edge = new EmbeddedEdge(options);
        try
        {
            await edge.ListenAsync(options, cancellationToken).ConfigureAwait(false);
            return edge;
        }
        catch (System.Net.Sockets.SocketException error)
        {
            await edge.DisposeAsync().ConfigureAwait(false);
            throw new IOException($"The edge cannot listen on {options.TunnelAddress}: {error.Message}.", error);
        }
        catch
        {
            await edge.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Stops: open streams are cut off, the state stays.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _stopped, 1) == 1)
        {
            return;
        }

        while (_running.TryPop(out var part))
        {
            await part.DisposeAsync().ConfigureAwait(false);
        }

        _transfers.Dispose();
        _providers.Dispose();
        _evaluations.Dispose();
        _countries?.Dispose();
        _keys.Dispose();
        _authority.Dispose();
        _store.Dispose();
    }

    private async Task ListenAsync(EdgeOptions options, CancellationToken cancellationToken)
    {
        var logs = options.LoggerFactory;
        var time = options.TimeProvider;
        var connections = new TunnelConnections(_store, options.LocationName, time, logs.CreateLogger<TunnelConnections>());
        var tunnels = new TunnelListener(options.TunnelAddress, _authority, connections, time, logs.CreateLogger<TunnelListener>());
        _running.Push(tunnels);
        TunnelEndPoint = tunnels.EndPoint;

        var streams = new OpenStreams(_store, time, logs.CreateLogger<OpenStreams>());
        _running.Push(streams);
        _running.Push(new ApprovalEnds(_store, time, logs.CreateLogger<ApprovalEnds>()));
        var handler = CreateGateway(options, connections, streams);
        var gateway = GatewayServer.Create(options.PublicAddress, _authority, handler, new ClientCertificateRequests(_store), logs);
        _running.Push(gateway);
        await gateway.StartAsync(cancellationToken).ConfigureAwait(false);
        PublicEndPoint = gateway.EndPoint;

        var api = ApiServer.Create(options.ApiAddress, _authority, _store, connections, _transfers,
            new ApiOptions { TimeProvider = time, ZonesStartPending = options.ZonesStartPending, CountStreams = streams.CountOf }, logs);
        _running.Push(api);
        await api.StartAsync(cancellationToken).ConfigureAwait(false);
        ApiAddress = new Uri($"https://{api.EndPoint}/client/v4/");
    }

    private GatewayHandler CreateGateway(EdgeOptions options, TunnelConnections connections, OpenStreams streams)
    {
        var (logs, time) = (options.LoggerFactory, options.TimeProvider);
        var tokens = new ApplicationTokens(_keys, time);
        var binding = new TokenBinding(_store.Organization.DeriveKey("binding cookie"));
        var policies = new PolicyDecider(_countries, _evaluations);
        var demands = new PolicyDemands(_store.Approvals, time);
        var gate = new AccessGate(
            tokens, binding, _store.Sessions, policies, demands, new ClientCertificates(time),
            new DecisionLog(_store.AccessRequests, policies, time, logs.CreateLogger<DecisionLog>()), time);
        var states = new SignInStates(_store.Organization.DeriveKey("sign-in state"), time);
        var codes = new AuthorizationCodes(time);
        var redirect = new LoginRedirect(states, time);
        var flow = new SignInFlow(_store, tokens, policies, demands, codes, time);
        IMailer mailer = options.Mail is { } mail ? new SmtpMailer(mail, time) : new OutboxMailer(
            options.OutboxDirectory ?? Path.Combine(StateDirectory, "outbox"), time, logs.CreateLogger<OutboxMailer>());
        var outgoing = new OutgoingMail(mailer, logs.CreateLogger<OutgoingMail>());
        _running.Push(outgoing);
        var login = new SignInEndpoints(
            flow, states, new OneTimePins(time), new SignInRateLimit(time), outgoing, _transfers);
        var providers = new ProviderHttp(_providers);
        var oidc = new OidcEndpoints(login, flow, states, new ProviderKinds(options.IdentityProviderHosts),
            new OidcClient(providers, new UserInfo(providers), new EntraGroups(providers, logs.CreateLogger<EntraGroups>()), time),
            new GitHubClient(providers), time, logs.CreateLogger<OidcEndpoints>());
        var host = new ApplicationHostEndpoints(tokens, binding, gate, codes, states, redirect, _transfers);
        var purposes = new PurposeEndpoints(flow, login, states);
        var approvals = new ApprovalEndpoints(flow, login, states, _store.Approvals, outgoing, time);
        var approvers = new ApproverEndpoints(flow, states, _store.Approvals, time);
        var certificates = new CertificateEndpoint(
            gate, new CertificateSigner(_store.SshAuthorities, time), _store.AccessRequests, time, logs.CreateLogger<CertificateEndpoint>());
        return new GatewayHandler(
            _store, connections, gate, tokens, binding,
            new AccessEndpoints(_store, tokens, flow, login, oidc, host, purposes, approvals, approvers, certificates, _transfers, time),
            redirect, streams, time,
            logs.CreateLogger<GatewayHandler>());
    }

    /// <summary>Earlier versions kept the one key that they had in a file.</summary>
    private void ImportSigningKey()
    {
        var file = Path.Combine(StateDirectory, "access-key.pem");
        if (File.Exists(file))
        {
            _store.SigningKeys.Import(File.ReadAllText(file));
            File.Delete(file);
        }
    }

    /// <summary>The store keeps only the token's hash: if the file with its value is gone, there is a new token.</summary>
    private string ReadOrIssueApiToken()
    {
        if (_store.InitialApiToken is null && File.Exists(ApiTokenFile)
            && File.ReadAllText(ApiTokenFile).Trim() is { Length: > 0 } known && _store.ApiTokens.Find(known) is { IsAdministrator: true, Status: "active" })
        {
            return known;
        }

        var token = _store.InitialApiToken ?? _store.ApiTokens.Issue(EdgeStore.AdminTokenName);
        PrivateFile.Write(ApiTokenFile, token + "\n");
        return token;
    }
}
