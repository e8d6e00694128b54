using System.Net;
using System.Net.Sockets;
using Tunnel.Core.Accounts;
using Tunnel.Core.Client;
using Tunnel.Core.Connector;
using Tunnel.Core.Ssh;

namespace Tunnel.Core.Ingress;

/// <summary>Goes through a tunnel as a visitor of this host would, to prove it.</summary>
public sealed record TunnelVisitor
{
    /// <summary>The account whose edge is asked; null: found by DNS.</summary>
    public TunnelAccount? Account { get; init; }

    /// <summary>What opens the hostnames; null: what the ssh configuration has for each.</summary>
    public ServiceTokenFile? ServiceToken { get; init; }

    /// <summary>The ssh configuration of the user; null: <c>~/.ssh/config</c>.</summary>
    public string? SshConfigFile { get; init; }

    /// <exception cref="SshConfigException">The service token of a registered host cannot be read.</exception>
    public TunnelProof ProofOf(string hostname)
    {
        var host = new SshConfigFile(SshConfigFile).Get().FirstOrDefault(h =>
            string.Equals(h.Hostname ?? h.Name, hostname, StringComparison.OrdinalIgnoreCase));
        var token = ServiceToken
            ?? (host?.ServiceTokenFile is { } file ? ServiceTokenFile.Read(file) : null);
        return new TunnelProof(new AccessClientOptions
        {
            Address = hostname,
            ConnectTo = Account?.PublicEndPoint ?? Parse(host?.ConnectTo),
            CertificateAuthorityFile = Account?.CertificateAuthorityFile ?? host?.CertificateAuthorityFile,
            ServiceTokenId = token?.ClientId,
            ServiceTokenSecret = token?.ClientSecret,
        });
    }

    /// <summary>The addresses of the edge: of what connectors dial, and of what <paramref name="hostnames"/> resolve to.</summary>
    public async Task<IReadOnlyList<IPEndPoint>> EdgeEndPointsAsync(IEnumerable<string> hostnames, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(hostnames);
        var points = new List<DnsEndPoint>(Account is { EdgeAddresses.Count: > 0 } ? Account.EdgeAddresses : EdgeDialer.CloudflareAddresses);
        points.AddRange(hostnames.Select(h => ProofOf(h).EndPoint));
        if (Account is not null)
        {
            points.Add(new DnsEndPoint(Account.ApiAddress.Host, Account.ApiAddress.Port));
        }

        var resolved = new List<IPEndPoint>();
        foreach (var point in points)
        {
            resolved.AddRange((await ResolveAsync(point.Host, cancellationToken).ConfigureAwait(false)).Select(a => new IPEndPoint(a, point.Port)));
        }

        return resolved;
    }

    private static async Task<IPAddress[]> ResolveAsync(string name, CancellationToken cancellationToken)
    {
        try
        {
            return await Dns.GetHostAddressesAsync(name, cancellationToken).ConfigureAwait(false);
        }
        catch (SocketException e)
        {
            throw new NetworkIngressException(
                NetworkIngressError.InvalidRules,
                $"Outbound cannot be limited to the edge: {name} has no address ({e.Message}). Connect the account of the tunnel's edge first, with Connect-TunnelAccount.", e);
        }
    }

    private static DnsEndPoint? Parse(string? connectTo) =>
        connectTo is null ? null : AccessAddress.Parse(connectTo) is var address ? new DnsEndPoint(address.Host, address.Port) : null;
}
