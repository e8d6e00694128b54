using Tunnel.Access;
using Tunnel.Protocol.Transfers;
using Tunnel.Testing;

namespace Tunnel.EndToEnd.Tests.Visitors;

/// <summary>A program that waits for somebody whom the policies refuse is told, and does not wait for its time-out.</summary>
public sealed class RefusedProgramTests : IAsyncLifetime
{
    private const string Hers = "hers.example.test";
    private const string His = "his.example.test";

    private EdgeLab _lab = null!;
    private string _audience = "";

    public async ValueTask InitializeAsync()
    {
        _lab = await EdgeLab.StartAsync();
        _audience = (await _lab.ProtectAsync(Hers, EdgeLab.Policy(AccessDecision.Allow, new EmailRule("alice@example.com")))).Aud!;
        await _lab.ProtectAsync(His, EdgeLab.Policy(AccessDecision.Allow, new EmailRule("bob@example.com")));
        await _lab.AddTunnelAsync(Hers);
        await _lab.AddTunnelAsync(His);
    }

    public ValueTask DisposeAsync() => _lab.DisposeAsync();

    [Fact]
    public async Task A_program_is_told_no_and_may_be_let_in_by_somebody_else()
    {
        using var program = TransferKeyPair.Generate();
        using var waiting = new PersonBrowser(_lab);
        using var person = new PersonBrowser(_lab);
        await person.SignInAsync(His, "bob@example.com");
        var transfer = waiting.GetAsync($"https://tunnel.cloudflareaccess.test/cdn-cgi/access/transfer/{program.PublicKey}");

        var denied = await person.FollowAsync(await person.GetAsync(
            $"https://{Hers}/cdn-cgi/access/cli?aud={_audience}&token={Uri.EscapeDataString(program.PublicKey.ToString())}"));

        Assert.Equal(403, denied.Status);
        var answer = await transfer;
        Assert.Equal((410, ""), (answer.Status, answer.Text));

        using var other = new PersonBrowser(_lab);
        var login = await other.FollowAsync(await other.GetAsync(
            $"https://{Hers}/cdn-cgi/access/cli?aud={_audience}&token={Uri.EscapeDataString(program.PublicKey.ToString())}"));
        var back = await other.FollowAsync(await other.EnterPinAsync(login, "alice@example.com"));
        await other.PostAsync(await other.FollowAsync(back), ("decision", "allow"));
        Assert.Equal(200, (await waiting.GetAsync($"https://tunnel.cloudflareaccess.test/cdn-cgi/access/transfer/{program.PublicKey}")).Status);
    }
}
