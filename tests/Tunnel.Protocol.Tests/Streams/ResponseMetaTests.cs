using CsCheck;
using Tunnel.Protocol.Streams;

namespace Tunnel.Protocol.Tests.Streams;

public class ResponseMetaTests
{
    [Theory]
    [InlineData(ResponseMeta.Origin, true, false)]
    [InlineData(ResponseMeta.Connector, false, false)]
    [InlineData(ResponseMeta.FlowRateLimited, false, true)]
    [InlineData("""{ "flow_rate_limited": true, "src": "origin", "new": [{}] }""", true, true)]
    [InlineData("""{"flow_rate_limited":"true","src":"cloudflared"}""", false, false)]
    public void Who_made_a_response_is_read(string text, bool isFromOrigin, bool isFlowRateLimited)
    {
        Assert.True(ResponseMeta.TryParse(text, out var meta));
        Assert.Equal(isFromOrigin, meta.IsFromOrigin);
        Assert.Equal(isFlowRateLimited, meta.IsFlowRateLimited);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("origin")]
    [InlineData("{}")]
    [InlineData("""{"src":7}""")]
    [InlineData("""{"src":"\ud800"}""")]
    [InlineData("""{"src":"origin"}x""")]
    public void Anything_else_is_not_taken(string? text) => Assert.False(ResponseMeta.TryParse(text, out _));

    [Fact]
    public void Mutated_text_never_throws() =>
        MutatedText.Of("{}[]\":,\\ud8 true", ResponseMeta.FlowRateLimited).Sample(
            text => ResponseMeta.TryParse(text, out var meta) == meta is not null, iter: 10_000);
}
