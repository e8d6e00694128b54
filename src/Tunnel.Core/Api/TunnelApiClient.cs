namespace Tunnel.Core.Api;

/// <summary>
/// Cloudflare's API v4: one property per resource area. Serves Cloudflare and the embedded edge alike, by address.
/// Thread-safe. Every call throws <see cref="TunnelApiException"/> when the API refuses or cannot be reached.
/// </summary>
/// <example>
/// <code>
/// using var api = new TunnelApiClient(new TunnelApiOptions { ApiToken = token });
/// await foreach (var zone in api.Zones.ListAsync(new ZoneFilter { AccountId = account }))
/// {
///     Console.WriteLine(zone.Name);
/// }
/// </code>
/// </example>
public sealed class TunnelApiClient : IDisposable
{
    private readonly ApiTransport _transport;

    public TunnelApiClient(TunnelApiOptions options)
    {
        _transport = new ApiTransport(options);
        Accounts = new AccountsApi(_transport);
        Zones = new ZonesApi(_transport);
        DnsRecords = new DnsRecordsApi(_transport);
        Tunnels = new TunnelsApi(_transport);
        Applications = new ApplicationsApi(_transport);
        Policies = new PoliciesApi(_transport);
        Groups = new GroupsApi(_transport);
        Lists = new ListsApi(_transport);
        ReusablePolicies = new ReusablePoliciesApi(_transport);
        ServiceTokens = new ServiceTokensApi(_transport);
        IdentityProviders = new IdentityProvidersApi(_transport);
        Organization = new OrganizationApi(_transport);
        Certificates = new CertificatesApi(_transport);
        SshAuthorities = new SshAuthoritiesApi(_transport);
        AccessLog = new AccessLogApi(_transport);
        Users = new UsersApi(_transport);
        Tokens = new TokensApi(_transport);
    }

    /// <summary>The address that is called, with its trailing slash.</summary>
    public Uri BaseAddress => _transport.BaseAddress;

    public AccountsApi Accounts { get; }
    public ZonesApi Zones { get; }
    public DnsRecordsApi DnsRecords { get; }
    public TunnelsApi Tunnels { get; }
    public ApplicationsApi Applications { get; }
    public PoliciesApi Policies { get; }
    public GroupsApi Groups { get; }
    public ListsApi Lists { get; }
    public ReusablePoliciesApi ReusablePolicies { get; }
    public ServiceTokensApi ServiceTokens { get; }
    public IdentityProvidersApi IdentityProviders { get; }
    public OrganizationApi Organization { get; }
    public CertificatesApi Certificates { get; }
    public SshAuthoritiesApi SshAuthorities { get; }
    public AccessLogApi AccessLog { get; }
    public UsersApi Users { get; }
    public TokensApi Tokens { get; }

    public void Dispose() => _transport.Dispose();

    public override string ToString() => $"API at {BaseAddress}";
}
