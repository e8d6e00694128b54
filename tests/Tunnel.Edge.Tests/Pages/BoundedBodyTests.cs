using Microsoft.AspNetCore.Http;
using Tunnel.Edge.Pages;

namespace Tunnel.Edge.Tests.Pages;

public sealed class BoundedBodyTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(5000)]
    [InlineData(10_000)]
    public async Task What_fits_is_read_whole(int length)
    {
        var sent = Enumerable.Range(0, length).Select(i => (byte)i).ToArray();

        var read = await BoundedBody.ReadAsync(With(new MemoryStream(sent)), 10_000, BoundedBody.Patience);

        Assert.Equal(sent, read!.Value.ToArray());
    }

    [Fact]
    public async Task What_is_larger_is_not_read_whether_or_not_it_says_so()
    {
        var honest = With(new MemoryStream(new byte[10_001]));
        honest.Request.ContentLength = 10_001;
        Assert.Null(await BoundedBody.ReadAsync(honest, 10_000, BoundedBody.Patience));
        Assert.Equal(0, honest.Request.Body.Position);
        Assert.Null(await BoundedBody.ReadAsync(With(new MemoryStream(new byte[10_001])), 10_000, BoundedBody.Patience));
    }

    [Fact]
    public async Task Nobody_is_waited_for_who_sends_nothing()
    {
        await using var body = new SilentStream();

        Assert.Null(await BoundedBody.ReadAsync(With(body), 10_000, TimeSpan.FromMilliseconds(50)));
    }

    private static DefaultHttpContext With(Stream body)
    {
        var context = new DefaultHttpContext();
        context.Request.Body = body;
        return context;
    }

    private sealed class SilentStream : MemoryStream
    {
        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            await Task.Delay(Timeout.Infinite, cancellationToken);
            return 0;
        }
    }
}
