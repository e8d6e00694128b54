using Tunnel.Protocol.Streams;

namespace Tunnel.Protocol.Tests.Streams;

public class StreamKindsTests
{
    [Theory]
    [InlineData("control-stream", false, StreamKind.Control)]
    [InlineData("update-configuration", false, StreamKind.Configuration)]
    [InlineData("websocket", false, StreamKind.WebSocket)]
    [InlineData(null, true, StreamKind.Tcp)]
    [InlineData(null, false, StreamKind.Http)]
    [InlineData("", false, StreamKind.Http)]
    [InlineData("something-new", false, StreamKind.Http)]
    [InlineData("Control-Stream", false, StreamKind.Http)]
    public void The_headers_tell_what_a_stream_is_for(string? upgrade, bool proxySource, StreamKind kind) =>
        Assert.Equal(kind, StreamKinds.From(upgrade, proxySource));

    [Theory]
    [InlineData("update-configuration", StreamKind.Configuration)]
    [InlineData("websocket", StreamKind.WebSocket)]
    [InlineData("control-stream", StreamKind.Tcp)]
    public void With_a_proxy_source_beside_the_upgrade_the_order_is_cloudflareds(string upgrade, StreamKind kind) =>
        Assert.Equal(kind, StreamKinds.From(upgrade, proxySourcePresent: true));

    [Fact]
    public void The_value_written_for_a_kind_is_read_as_that_kind() =>
        Assert.All(Enum.GetValues<StreamKind>(), kind =>
            Assert.Equal(kind, StreamKinds.From(StreamKinds.UpgradeValue(kind), proxySourcePresent: kind == StreamKind.Tcp)));
}
