using Tunnel.Core.Ingress;

namespace Tunnel.Core.Tests.Ingress;

public class AllowedPortTests
{
    [Theory]
    [InlineData("443", "443/tcp")]
    [InlineData("443/tcp", "443/tcp")]
    [InlineData("51820/UDP", "51820/udp")]
    [InlineData("8000-8010/tcp", "8000-8010/tcp")]
    [InlineData(" 8000 - 8010 / udp", "8000-8010/udp")]
    public void A_port_is_read_as_people_write_it(string text, string expected) =>
        Assert.Equal(expected, AllowedPort.Parse(text).ToString());

    [Theory]
    [InlineData("")]
    [InlineData("0")]
    [InlineData("65536")]
    [InlineData("ssh")]
    [InlineData("22/icmp")]
    [InlineData("30-20")]
    [InlineData("20-")]
    [InlineData("22; drop")]
    public void What_is_no_port_is_refused_with_an_example(string text) =>
        Assert.Contains("51820/udp", Assert.Throws<FormatException>(() => AllowedPort.Parse(text)).Message, StringComparison.Ordinal);
}
