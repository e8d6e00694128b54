using System.Net;
using System.Security.Cryptography.X509Certificates;

namespace Tunnel.Core.Connector.Access;

/// <summary>How a connector reaches the team whose keys it checks Access tokens with, and for how long it goes by them.</summary>
public sealed record AccessTeamOptions
{
    /// <summary>Where to connect instead of to the team's own address, such as an edge of one's own. Null: by DNS.</summary>
    public DnsEndPoint? ConnectTo { get; init; }

    /// <summary>Authorities that may vouch for the team's address, instead of the system's.</summary>
    public X509Certificate2Collection? CertificateAuthorities { get; init; }

    /// <summary>Bounds one fetch of the keys, connecting included.</summary>
    public TimeSpan FetchTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>The shortest time between two fetches, whatever tokens visitors show.</summary>
    public TimeSpan FetchInterval { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>After this time keys are fetched anew, so that a key that the team has withdrawn ends.</summary>
    public TimeSpan RefreshAfter { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>For how long keys are good while the team cannot be asked; after it nobody gets in.</summary>
    public TimeSpan KeepFor { get; init; } = TimeSpan.FromHours(1);

    /// <summary>By how much the team's clock may differ, 0 to 60 seconds.</summary>
    public TimeSpan ClockSkew { get; init; } = TimeSpan.FromSeconds(30);
}
