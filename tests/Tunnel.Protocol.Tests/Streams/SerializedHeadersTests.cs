using CsCheck;
using Tunnel.Protocol.Streams;

namespace Tunnel.Protocol.Tests.Streams;

public class SerializedHeadersTests
{
    private static readonly Gen<string> Latin1 = Gen.String[Gen.Char['\0', '\u00ff'], 0, 40];

    [Fact]
    public void A_header_that_cloudflared_sent_is_read()
    {
        var headers = SerializedHeaders.Decode(
            "U2VjLVdlYnNvY2tldC1BY2NlcHQ:SC9LSnRsU2tOeHlMaE81SVF2VlhLcmcyWDU4PQ;VXBncmFkZQ:d2Vic29ja2V0;Q29ubmVjdGlvbg:VXBncmFkZQ");

        Assert.Equal(
            [
                new("Sec-Websocket-Accept", "H/KJtlSkNxyLhO5IQvVXKrg2X58="),
                new("Upgrade", "websocket"),
                new("Connection", "Upgrade"),
            ],
            headers);
    }

    [Fact]
    public void Headers_are_written_as_cloudflared_writes_them() =>
        Assert.Equal(
            "VXBncmFkZQ:d2Vic29ja2V0;Q29ubmVjdGlvbg:VXBncmFkZQ",
            SerializedHeaders.Encode([new("Upgrade", "websocket"), new("Connection", "Upgrade")]));

    [Fact]
    public void Any_bytes_survive() =>
        Gen.Select(Latin1, Latin1, (name, value) => KeyValuePair.Create(name, value)).List[0, 20].Sample(
            headers => SerializedHeaders.Decode(SerializedHeaders.Encode(headers)).SequenceEqual(headers), iter: 2_000);

    [Fact]
    public void Mutated_text_gives_headers_or_the_format_exception() =>
        MutatedText.Of("AZaz09+/=:; \n", "U2VydmVy:bmdpbng;RGF0ZQ:;:eA", "").Sample(
            text =>
            {
                try
                {
                    var headers = SerializedHeaders.Decode(text);
                    return SerializedHeaders.Decode(SerializedHeaders.Encode(headers)).SequenceEqual(headers);
                }
                catch (FormatException)
                {
                    return true;
                }
            },
            iter: 20_000);

    [Theory]
    [InlineData("name without colon")]
    [InlineData("bW9jaw")]
    [InlineData("bW9jaw:ZGF0YQ:bW9jaw")]
    [InlineData("::")]
    [InlineData("bW9jaw==:ZGF0YQ")]
    [InlineData("bW9 jaw:ZGF0YQ")]
    [InlineData("b:ZGF0YQ")]
    public void Malformed_text_is_refused(string text) => Assert.Throws<FormatException>(() => SerializedHeaders.Decode(text));

    [Fact]
    public void Empty_pairs_are_skipped() => Assert.Equal([new("a", "")], SerializedHeaders.Decode(";YQ:;;"));

    [Fact]
    public void Bounds_hold_in_both_directions()
    {
        var many = Enumerable.Repeat(KeyValuePair.Create("a", "b"), SerializedHeaders.MaxPairs + 1);

        Assert.Throws<FormatException>(() => SerializedHeaders.Encode(many));
        Assert.Throws<FormatException>(() => SerializedHeaders.Encode([new("a", new string('b', SerializedHeaders.MaxLength))]));
        Assert.Throws<FormatException>(() => SerializedHeaders.Encode([new("a", "\u0100")]));
        Assert.Throws<FormatException>(() => SerializedHeaders.Decode(new string(';', SerializedHeaders.MaxLength + 1)));
        Assert.Throws<FormatException>(() => SerializedHeaders.Decode(string.Concat(Enumerable.Repeat("YQ:Yg;", SerializedHeaders.MaxPairs + 1))));
    }

    [Theory]
    [InlineData("cf-int-trace", true)]
    [InlineData("CF-Cloudflared-Response-Meta", true)]
    [InlineData("Cf-Proxy-Worker", true)]
    [InlineData(":status", true)]
    [InlineData("cf-ray", false)]
    [InlineData("x-cf-int-trace", false)]
    [InlineData("", false)]
    public void Headers_between_edge_and_connector_are_known(string name, bool isControl) =>
        Assert.Equal(isControl, SerializedHeaders.IsControlHeader(name));

    [Theory]
    [InlineData("Sec-WebSocket-Accept", true)]
    [InlineData("connection", true)]
    [InlineData("Upgrade", true)]
    [InlineData("sec-websocket-key", false)]
    public void Headers_that_a_WebSocket_client_needs_are_known(string name, bool isWebSocket) =>
        Assert.Equal(isWebSocket, SerializedHeaders.IsWebSocketHeader(name));
}
