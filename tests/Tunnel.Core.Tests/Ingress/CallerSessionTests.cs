using System.Net;
using Tunnel.Core.Ingress;

namespace Tunnel.Core.Tests.Ingress;

public class CallerSessionTests
{
    private static readonly HostSession s_session = new(IPEndPoint.Parse("192.0.2.1:22"), IPEndPoint.Parse("198.51.100.7:40000"));

    [Fact]
    public void Who_came_straight_over_the_network_is_found() =>
        Assert.Equal(s_session, CallerSession.Find("198.51.100.7 40000 192.0.2.1 22", [s_session]));

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("127.0.0.1 40000 127.0.0.1 22")]
    [InlineData("::1 40000 ::1 22")]
    [InlineData("198.51.100.7 40001 192.0.2.1 22")]
    [InlineData("198.51.100.7 40000 192.0.2.1")]
    [InlineData("somewhere 40000 192.0.2.1 22")]
    public void Who_is_at_the_console_or_in_the_tunnel_is_not(string? sshConnection) =>
        Assert.Null(CallerSession.Find(sshConnection, [s_session]));
}
