using Tunnel.Access;
using Tunnel.Testing;

namespace Tunnel.EndToEnd.Tests.Adversary;

/// <summary>
/// A hostname that asks, and a path below it that lets everybody in: no spelling of another path is let in as that one,
/// whatever the service behind takes it for.
/// </summary>
public sealed class LenientPathTests(LenientPathTests.PublicPath lab) : IClassFixture<LenientPathTests.PublicPath>
{
    private const string Host = "files.example.test";

    [Theory]
    [InlineData("/public")]
    [InlineData("/public/")]
    [InlineData("/public/a/b?c=/secret")]
    [InlineData("/public/a%20b")]
    [InlineData("/public/caf%C3%A9")]
    [InlineData("/public/a;b")]
    [InlineData("/public/a%2fb")]
    [InlineData("/%70ublic")]
    public async Task The_public_path_is_open(string target)
    {
        Assert.Equal(101, await VisitAsync(target));
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/publicity")]
    [InlineData("/secret/..%2fpublic")]
    [InlineData("/secret/%2e%2e%2fpublic")]
    [InlineData("/secret/..%2f..%2fpublic/x")]
    [InlineData("/secret/..%5cpublic")]
    [InlineData("/secret/..\\public")]
    [InlineData("/secret\\..\\public")]
    [InlineData("/secret/%252e%252e/public")]
    [InlineData("/secret/%252e%252e%252fpublic")]
    [InlineData("/secret/..%252fpublic")]
    [InlineData("/secret/..%255cpublic")]
    [InlineData("/secret/x/%252e%252e/%252e%252e/public")]
    [InlineData("/%2fpublic")]
    [InlineData("/%5cpublic")]
    [InlineData("/%2570ublic")]
    [InlineData("//public")]
    [InlineData("/public;/secret")]
    [InlineData("/public;x")]
    [InlineData("/;/public")]
    [InlineData("/public./secret")]
    [InlineData("/public%20/secret")]
    [InlineData("/public%2500/secret")]
    [InlineData("/public%23/secret")]
    [InlineData("/public%3f/secret")]
    [InlineData("/public%2f..%2fsecret")]
    [InlineData("/public/..%2fsecret")]
    [InlineData("/public/../secret")]
    [InlineData("/public/%2e%2e/secret")]
    [InlineData("/public/%252e%252e/secret")]
    [InlineData("/public/..;/secret")]
    [InlineData("/public/..%00/secret")]
    [InlineData("/public%5c..%5csecret")]
    [InlineData("/public#/../secret")]
    public async Task No_other_path_is_taken_for_it(string target)
    {
        var before = lab.Origin.Connections;

        var status = await VisitAsync(target);

        Assert.True(status == 0 || status is >= 300 and < 600, $"The answer is {status}.");
        Assert.Equal(before, lab.Origin.Connections);
    }

    /// <summary>Who may enter the whole hostname is not kept from paths with an odd spelling where all readings agree.</summary>
    [Theory]
    [InlineData("/secret/a;b")]
    [InlineData("/secret/..%2fother")]
    [InlineData("/secret/x%2fy")]
    [InlineData("//secret")]
    public async Task Where_all_readings_agree_the_token_opens_the_path(string target) => Assert.Equal(101, await VisitAsync(target, lab.Machine));

    private Task<int> VisitAsync(string target, Core.Api.ServiceToken? machine = null) => RawVisitor.SendAsync(
        lab.Lab, Host, $"GET {target} HTTP/1.1\r\nHost: {Host}\r\n" +
        (machine is null ? "" : $"Cf-Access-Client-Id: {machine.ClientId}\r\nCf-Access-Client-Secret: {machine.ClientSecret}\r\n") +
        $"{RawVisitor.Upgrade}\r\n");

    public sealed class PublicPath : IAsyncLifetime
    {
        public EdgeLab Lab { get; private set; } = null!;

        public OriginListener Origin { get; } = new();

        public Core.Api.ServiceToken Machine { get; private set; } = null!;

        public async ValueTask InitializeAsync()
        {
            Lab = await EdgeLab.StartAsync();
            Machine = await Lab.ProtectWithTokenAsync(Host);
            await Lab.ProtectAsync(Host + "/public", EdgeLab.Policy(AccessDecision.Bypass, new EveryoneRule()));
            await Lab.PublishAsync(Host, Origin.Url, connections: 1);
        }

        public async ValueTask DisposeAsync()
        {
            await Lab.DisposeAsync();
            await Origin.DisposeAsync();
        }
    }
}
