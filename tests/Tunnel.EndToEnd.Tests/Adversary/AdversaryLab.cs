using Tunnel.Access;
using Tunnel.Core.Api;
using Tunnel.Testing;

namespace Tunnel.EndToEnd.Tests.Adversary;

/// <summary>
/// Hostnames of all kinds at one real edge, each led by a real connector to a service that counts every connection: what
/// an adversary must not reach, and what shows that the test would see it.
/// </summary>
public sealed class AdversaryLab : IAsyncLifetime
{
    public const string Hostname = "ssh.example.test";
    public const string Other = "other.example.test";
    public const string Open = "open.example.test";
    public const string Office = "office.example.test";
    public const string Paths = "app.example.test";
    public const string Team = "tunnel.cloudflareaccess.test";
    public const string Alice = "alice@example.com";

    public EdgeLab Lab { get; private set; } = null!;

    /// <summary>Behind the hostnames that need a token.</summary>
    public OriginListener Origin { get; } = new();

    /// <summary>Behind the hostname that nothing protects.</summary>
    public OriginListener OpenOrigin { get; } = new();

    public ServiceToken Machine { get; private set; } = null!;

    public ServiceToken OtherMachine { get; private set; } = null!;

    public AccessApplication Application { get; private set; } = null!;

    public string Account => Lab.Edge.AccountId;

    public async ValueTask InitializeAsync()
    {
        Lab = await EdgeLab.StartAsync();
        Machine = await Lab.Api.ServiceTokens.CreateAsync(Account, "machine");
        OtherMachine = await Lab.Api.ServiceTokens.CreateAsync(Account, "other machine");
        Application = await ProtectAsync(Hostname, Machine);
        await ProtectAsync(Other, OtherMachine);
        await Lab.ProtectAsync(Office, EdgeLab.Policy(AccessDecision.Bypass, new IpRangeRule(System.Net.IPNetwork.Parse("192.0.2.0/24"))));
        await Lab.ProtectAsync(Paths, EdgeLab.Policy(AccessDecision.Bypass, new EveryoneRule()));
        await ProtectAsync(Paths + "/admin", Machine);
        foreach (var hostname in (string[])[Hostname, Other, Office, Paths])
        {
            await Lab.PublishAsync(hostname, Origin.Url, connections: 1);
        }

        await Lab.PublishAsync(Open, OpenOrigin.Url, connections: 1);
    }

    public async ValueTask DisposeAsync()
    {
        if (Lab is not null)
        {
            await Lab.DisposeAsync();
        }

        await Origin.DisposeAsync();
        await OpenOrigin.DisposeAsync();
    }

    /// <summary>Runs an attack, and fails if the service saw any of it.</summary>
    public async Task<T> AssertUnseen<T>(Func<Task<T>> attack)
    {
        var before = Origin.Connections;
        var result = await attack();
        Assert.Equal(before, Origin.Connections);
        return result;
    }

    /// <summary>The token that a machine is given at a hostname that lets it in.</summary>
    public Task<string> MachineTokenAsync(string hostname, ServiceToken machine) => Lab.EarnTokenAsync(hostname, machine);

    private Task<AccessApplication> ProtectAsync(string domain, ServiceToken machine) => Lab.ProtectAsync(
        domain,
        EdgeLab.Policy(AccessDecision.Allow, new EmailDomainRule("example.com")),
        EdgeLab.Policy(AccessDecision.NonIdentity, new ServiceTokenRule(machine.Id)));
}
