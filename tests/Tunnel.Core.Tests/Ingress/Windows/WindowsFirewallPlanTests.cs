using System.Net;
using Tunnel.Core.Ingress;
using Tunnel.Core.Ingress.Windows;

namespace Tunnel.Core.Tests.Ingress.Windows;

public class WindowsFirewallPlanTests
{
    [Theory]
    [InlineData("plain", "'plain'")]
    [InlineData("it's $(x) `n", "'it''s $(x) `n'")]
    [InlineData("a\u2019b", "(-join @([char]97,[char]8217,[char]98))")]
    [InlineData("a\nb", "(-join @([char]97,[char]10,[char]98))")]
    public void No_text_leaves_its_quotes(string text, string quoted) => Assert.Equal(quoted, PowerShellText.Quote(text));

    [Theory]
    [InlineData("Ether*")]
    [InlineData("[a-z]")]
    [InlineData("a\nb")]
    [InlineData(" ")]
    public void A_name_that_means_several_interfaces_is_refused(string name) =>
        Assert.Equal(
            NetworkIngressError.InvalidRules,
            Assert.Throws<NetworkIngressException>(() => new WindowsFirewall(new()).Plan(new() { AllowedInterfaces = [name] }, new())).Error);

    [Fact]
    public void A_plan_says_its_rules_and_that_the_real_system_has_not_run_it()
    {
        var caller = new HostSession(IPEndPoint.Parse("192.0.2.1:22"), IPEndPoint.Parse("198.51.100.7:40000"));
        var facts = new HostFacts
        {
            Listening = [new("tcp", IPEndPoint.Parse("0.0.0.0:22"), null)],
            Sessions = [caller, new(IPEndPoint.Parse("192.0.2.1:22"), IPEndPoint.Parse("198.51.100.8:40001"))],
            Caller = caller,
        };
        var plan = new WindowsFirewall(new()).Plan(new() { AllowedInterfaces = ["Ethernet 2"], AllowedSources = [AllowedSource.Parse("2001:db8::/32")], CloseEstablished = true }, facts);
        var said = plan.ToString();
        Assert.All(said, c => Assert.True(char.IsAscii(c)));
        Assert.Contains("-InterfaceAlias 'Ethernet 2'", said, StringComparison.Ordinal);
        Assert.Contains("-RemoteAddress 2001:db8::/32", said, StringComparison.Ordinal);
        Assert.Contains("-LocalPort 22 -RemoteAddress 198.51.100.7 -RemotePort 40000", said, StringComparison.Ordinal);
        Assert.DoesNotContain("198.51.100.8", said, StringComparison.Ordinal);
        Assert.Contains(plan.Notes, n => n.Contains("not been run on the real system", StringComparison.Ordinal));
        Assert.Contains(plan.Notes, n => n.Contains("with or without -Persist", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Sudo_is_not_the_way_to_an_Administrator()
    {
        var firewall = new WindowsFirewall(new() { Commands = new FirewallCommands(sudo: true) });
        var refused = await Assert.ThrowsAsync<NetworkIngressException>(() => firewall.CheckAsync(TestContext.Current.CancellationToken));
        Assert.Equal(NetworkIngressError.NotPrivileged, refused.Error);
        Assert.Contains("Run as administrator", refused.Message, StringComparison.Ordinal);
    }
}
