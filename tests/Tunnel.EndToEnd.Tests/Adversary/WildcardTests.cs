using Tunnel.Access;
using Tunnel.Core.Api;
using Tunnel.Testing;

namespace Tunnel.EndToEnd.Tests.Adversary;

/// <summary>
/// A wildcard application, the apex, a hostname and a path below it, each with a machine of its own: what opens one opens
/// no other, whichever of them covers the request as well.
/// </summary>
public sealed class WildcardTests(WildcardTests.Applications lab) : IClassFixture<WildcardTests.Applications>
{
    private const string Apex = "example.test";
    private const string Any = "any.example.test";
    private const string Deep = "a.b.example.test";
    private const string Exact = "exact.example.test";
    private const string Inner = "x.inner.example.test";
    private const string Path = "exact.example.test/admin";

    // Each address with the application that decides there.
    private static readonly Dictionary<string, string> s_owners = new()
    {
        [Apex + "/"] = Apex,
        [Any + "/"] = "*.example.test",
        [Any + "/admin"] = "*.example.test",
        [Deep + "/"] = "*.example.test",
        [Exact + "/"] = Exact,
        [Exact + "/administrator"] = Exact,
        [Path] = Path,
        [Path + "/x"] = Path,
        [Inner + "/"] = "*.inner.example.test",
    };

    public static TheoryData<string> Addresses => [.. s_owners.Keys];

    [Theory]
    [MemberData(nameof(Addresses))]
    public async Task The_most_specific_application_decides_and_no_other_token_or_cookie_opens_it(string address)
    {
        foreach (var (domain, machine) in lab.Machines)
        {
            var token = lab.Tokens[domain];
            foreach (var header in (string[])
                [
                    "Cf-Access-Token: " + token, "Cookie: CF_Authorization=" + token,
                    $"Cf-Access-Client-Id: {machine.ClientId}\r\nCf-Access-Client-Secret: {machine.ClientSecret}",
                ])
            {
                var before = lab.Origin.Connections;
                var status = await VisitAsync(address, header);
                if (domain == s_owners[address])
                {
                    Assert.True(status == 101, $"{domain} at {address}: {status}");
                    await Eventually.True(() => lab.Origin.Connections == before + 1, "the service is reached");
                }
                else
                {
                    Assert.True(status is 302 or 401 or 403, $"{domain} at {address}: {status}");
                    Assert.Equal(before, lab.Origin.Connections);
                }
            }
        }
    }

    /// <summary>Of several tokens the right one counts, and a right one for another place does not.</summary>
    [Fact]
    public async Task All_wrong_cookies_together_open_nothing()
    {
        var before = lab.Origin.Connections;

        var status = await VisitAsync(Exact + "/", "Cookie: " + string.Join("; ", lab.Tokens.Where(t => t.Key != Exact).Select(t => "CF_Authorization=" + t.Value)));

        Assert.True(status is 302 or 403, $"{status}");
        Assert.Equal(before, lab.Origin.Connections);
    }

    private Task<int> VisitAsync(string address, string header)
    {
        var (host, path) = (address.Split('/')[0], address[address.IndexOf('/', StringComparison.Ordinal)..]);
        return RawVisitor.SendAsync(lab.Lab, host, $"GET {path} HTTP/1.1\r\nHost: {host}\r\n{header}\r\n{RawVisitor.Upgrade}\r\n");
    }

    public sealed class Applications : IAsyncLifetime
    {
        public EdgeLab Lab { get; private set; } = null!;

        public OriginListener Origin { get; } = new();

        /// <summary>By the application's domain.</summary>
        public Dictionary<string, ServiceToken> Machines { get; } = [];

        public Dictionary<string, string> Tokens { get; } = [];

        public async ValueTask InitializeAsync()
        {
            Lab = await EdgeLab.StartAsync();
            foreach (var domain in s_owners.Values.Distinct())
            {
                Machines[domain] = await Lab.Api.ServiceTokens.CreateAsync(Lab.Edge.AccountId, domain);
                await Lab.ProtectAsync(domain, EdgeLab.Policy(AccessDecision.NonIdentity, new ServiceTokenRule(Machines[domain].Id)));
            }

            foreach (var hostname in s_owners.Keys.Select(a => a.Split('/')[0]).Distinct())
            {
                await Lab.PublishAsync(hostname, Origin.Url, connections: 1);
            }

            foreach (var (address, domain) in s_owners.DistinctBy(o => o.Value))
            {
                Tokens[domain] = await Lab.EarnTokenAsync(address, Machines[domain]);
            }
        }

        public async ValueTask DisposeAsync()
        {
            await Lab.DisposeAsync();
            await Origin.DisposeAsync();
        }
    }
}
