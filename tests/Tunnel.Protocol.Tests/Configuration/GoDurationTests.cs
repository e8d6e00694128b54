using CsCheck;
using Tunnel.Protocol.Configuration;

namespace Tunnel.Protocol.Tests.Configuration;

public class GoDurationTests
{
    [Theory]
    [InlineData("30s", 300_000_000)]
    [InlineData("1m30s", 900_000_000)]
    [InlineData("1.5h", 54_000_000_000)]
    [InlineData("100ms", 1_000_000)]
    [InlineData("1us", 10)]
    [InlineData("1\u00b5s", 10)]
    [InlineData("1\u03bcs", 10)]
    [InlineData("150ns", 1)]
    [InlineData("-1s", -10_000_000)]
    [InlineData("+1s", 10_000_000)]
    [InlineData(".5s", 5_000_000)]
    [InlineData("1.s", 10_000_000)]
    [InlineData("0", 0)]
    [InlineData("-0", 0)]
    [InlineData("1s1h", 36_010_000_000)]
    public void Durations_of_Go_are_read(string text, long ticks)
    {
        Assert.True(GoDuration.TryParse(text, out var duration));
        Assert.Equal(ticks, duration.Ticks);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("-")]
    [InlineData("30")]
    [InlineData("s")]
    [InlineData(".s")]
    [InlineData("1..5s")]
    [InlineData("1 s")]
    [InlineData("1d")]
    [InlineData("1S")]
    [InlineData("--1s")]
    [InlineData("1s-1s")]
    [InlineData("99999999999999999999999999999999999999h")]
    [InlineData("2562048h")]
    public void Anything_else_is_refused(string? text) => Assert.False(GoDuration.TryParse(text, out _));

    [Theory]
    [InlineData(0, "0s")]
    [InlineData(900_000_000, "1m30s")]
    [InlineData(36_000_000_000, "1h")]
    [InlineData(5_000_000, "0.5s")]
    [InlineData(-1, "-0.0000001s")]
    public void Durations_are_written_as_Go_reads_them(long ticks, string text) =>
        Assert.Equal(text, GoDuration.Format(new TimeSpan(ticks)));

    [Fact]
    public void What_is_written_is_read_back() =>
        Gen.Long[-(1L << 56), 1L << 56].Select(t => new TimeSpan(t)).Sample(
            duration => GoDuration.TryParse(GoDuration.Format(duration), out var read) && read == duration, iter: 10_000);
}
