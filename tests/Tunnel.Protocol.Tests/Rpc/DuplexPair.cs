using System.IO.Pipelines;

namespace Tunnel.Protocol.Tests.Rpc;

/// <summary>Two ends of a stream in memory.</summary>
internal sealed class DuplexPair
{
    public DuplexPair(PipeOptions? options = null)
    {
        var there = new Pipe(options ?? PipeOptions.Default);
        var back = new Pipe(options ?? PipeOptions.Default);
        Near = new End(back.Reader, there.Writer);
        Far = new End(there.Reader, back.Writer);
    }

    public IDuplexPipe Near { get; }

    public IDuplexPipe Far { get; }

    private sealed record End(PipeReader Input, PipeWriter Output) : IDuplexPipe;
}
