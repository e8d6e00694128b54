namespace Tunnel.EndToEnd.Tests.Ingress;

/// <summary>The lock beside whole rulesets of other tools.</summary>
public sealed class OtherFirewallTests(NetworkLab lab) : IClassFixture<NetworkLab>, IAsyncLifetime
{
    public ValueTask InitializeAsync()
    {
        Assert.SkipWhen(NetworkLab.Missing is not null, NetworkLab.Missing ?? "");
        return ValueTask.CompletedTask;
    }

    [Theory]
    [InlineData("ufw")]
    [InlineData("firewalld")]
    [InlineData("ufw and Docker")]
    public async Task Its_rules_are_the_same_to_the_byte_afterwards(string tool)
    {
        foreach (var rules in tool switch
        {
            "ufw" => new[] { OtherFirewalls.Ufw },
            "firewalld" => [OtherFirewalls.Firewalld],
            _ => [OtherFirewalls.Ufw, OtherFirewalls.Docker],
        })
        {
            await lab.RunAsync("server", "nft", rules);
        }

        await lab.MustAnswerAsync();
        var before = await lab.RulesetAsync();

        await lab.MustAsync($"$null = Disable-NetworkIngress {NetworkLab.Hostname} -Force");
        Assert.False(await lab.AnswersAsync());
        Assert.False(await lab.AnswersAsync(NetworkLab.Server6));
        Assert.Equal("through\n", (await lab.TunnelSshAsync("echo", "through")).Output);
        await lab.MustAsync("$null = Confirm-NetworkIngress; $null = Enable-NetworkIngress -Confirm:$false");

        Assert.Equal(before, await lab.RulesetAsync());
        await lab.MustAnswerAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (NetworkLab.Missing is null)
        {
            await lab.OpenAsync();
        }
    }
}
