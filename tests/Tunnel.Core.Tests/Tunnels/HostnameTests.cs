using Tunnel.Core.Tunnels;

namespace Tunnel.Core.Tests.Tunnels;

public sealed class HostnameTests
{
    [Theory]
    [InlineData("ssh.example.test", "ssh.example.test")]
    [InlineData(" SSH.Example.test. ", "ssh.example.test")]
    [InlineData("bücher.example.test", "xn--bcher-kva.example.test")]
    public void A_hostname_gets_its_one_form(string given, string form) => Assert.Equal(form, Hostname.Normalize(given));

    [Theory]
    [InlineData("")]
    [InlineData("localhost")]
    [InlineData("https://ssh.example.test")]
    [InlineData("ssh.example.test:22")]
    [InlineData("ssh.example.test/a")]
    [InlineData("*.example.test")]
    [InlineData("a b.example.test")]
    [InlineData("a..example.test")]
    [InlineData("-a.example.test")]
    [InlineData("192.0.2.1")]
    [InlineData("a\n.example.test")]
    public void What_is_none_is_refused(string given)
    {
        var e = Assert.Throws<SshTunnelException>(() => Hostname.Normalize(given));
        Assert.Equal(SshTunnelError.InvalidRequest, e.Error);
        Assert.DoesNotContain("\n", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Its_zone_is_looked_for_from_the_longest_name() =>
        Assert.Equal(["a.b.example.test", "b.example.test", "example.test"], Hostname.WithParents("a.b.example.test"));
}
