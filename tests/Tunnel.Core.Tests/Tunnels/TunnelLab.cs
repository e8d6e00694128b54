using Tunnel.Core.Accounts;
using Tunnel.Core.Api;
using Tunnel.Core.Connector;
using Tunnel.Core.Tunnels;
using Tunnel.Testing;

namespace Tunnel.Core.Tests.Tunnels;

/// <summary>A real edge, an account connected to it, and a service with a folder of its own.</summary>
public sealed class TunnelLab : IAsyncDisposable
{
    public const string Hostname = "ssh.example.test";

    private readonly TemporaryDirectory _directory = new();
    private readonly List<IAsyncDisposable> _owned = [];

    public EdgeLab Edge { get; private init; } = null!;

    public TunnelAccount Account { get; private init; } = null!;

    public TunnelApiClient Api => Edge.Api;

    public string AccountId => Edge.Edge.AccountId;

    /// <summary>The folder for credentials: not made yet.</summary>
    public string Directory => _directory.File("cloudflared");

    public SshTunnelService Tunnels { get; private set; } = null!;

    public static async Task<TunnelLab> StartAsync(Uri? api = null, EdgeLab? edge = null, bool protect = true)
    {
        edge ??= await EdgeLab.StartAsync();
        var lab = new TunnelLab
        {
            Edge = edge,
            Account = await AccountConnector.ConnectAsync(new AccountConnectorOptions
            {
                ApiToken = edge.Edge.ApiToken,
                ApiAddress = api ?? edge.Edge.ApiAddress,
                CertificateAuthorityFile = edge.Edge.CertificateAuthorityFile,
                EdgeAddresses = [edge.TunnelAddress],
                PublicEndPoint = edge.PublicAddress,
            }),
        };
        lab.Tunnels = lab.Service();
        if (protect)
        {
            await edge.ProtectAsync(Hostname);
        }

        return lab;
    }

    /// <summary>A further session on the same machine.</summary>
    internal SshTunnelService Service(Func<ConnectorOptions, TunnelConnector>? connector = null)
    {
        var service = new SshTunnelService(Account, new SshTunnelServiceOptions
        {
            Directory = Directory,
            CreateConnector = connector ?? (static options => new TunnelConnector(options)),
        });
        _owned.Add(service);
        return service;
    }

    public async Task<string> ZoneIdAsync() =>
        (await Api.Zones.ListAsync(new ZoneFilter { Name = EdgeLab.Zone }).SingleAsync()).Id;

    public async Task<List<DnsRecord>> RecordsAsync() =>
        await Api.DnsRecords.ListAsync(await ZoneIdAsync()).ToListAsync();

    public async Task<List<TunnelInfo>> TunnelsAsync() => await Api.Tunnels.ListAsync(AccountId).ToListAsync();

    /// <summary>The folder's files; empty as well if it is not there.</summary>
    public string[] Files() => System.IO.Directory.Exists(Directory) ? System.IO.Directory.GetFileSystemEntries(Directory) : [];

    public async ValueTask DisposeAsync()
    {
        foreach (var owned in _owned)
        {
            await owned.DisposeAsync();
        }

        Account.Dispose();
        await Edge.DisposeAsync();
        _directory.Dispose();
    }
}
