using Tunnel.Edge.Store;

namespace Tunnel.Edge.Tests.Store;

public sealed class AccessDurationTests
{
    [Theory]
    [InlineData("24h", 86400)]
    [InlineData("2h45m", 9900)]
    [InlineData("300ms", 0.3)]
    [InlineData("1.5h", 5400)]
    [InlineData("0", 0)]
    [InlineData("0s", 0)]
    [InlineData("10us", 0.00001)]
    public void Reads_what_go_reads(string text, double seconds)
    {
        Assert.True(AccessDuration.TryParse(text, out var duration));
        Assert.Equal(seconds, duration.TotalSeconds, 6);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("24")]
    [InlineData("h")]
    [InlineData("-1h")]
    [InlineData("1d")]
    [InlineData("1h ")]
    [InlineData("1..5h")]
    [InlineData("99999999999999999999999999999999999999999999h")]
    [InlineData("4000000000h")]
    public void Refuses_everything_else(string? text) => Assert.False(AccessDuration.TryParse(text, out _));
}
