using Tunnel.Core.Api;

namespace Tunnel.Core.Tunnels;

/// <summary>What the hostname's DNS records are, and what has to happen to them.</summary>
/// <param name="Change">What has to happen.</param>
/// <param name="Records">The address records (A, AAAA, CNAME) that the hostname has now.</param>
internal sealed record HostnameRoute(HostnameRouteChange Change, IReadOnlyList<DnsRecord> Records);
