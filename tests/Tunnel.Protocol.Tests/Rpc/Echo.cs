using System.Collections.Concurrent;
using Tunnel.Protocol.Rpc;

namespace Tunnel.Protocol.Tests.Rpc;

/// <summary>Returns the text that it is called with.</summary>
internal sealed class Echo : ICapability
{
    public ConcurrentQueue<string> Started { get; } = [];

    public Func<CancellationToken, Task> Before { get; init; } = _ => Task.CompletedTask;

    public async ValueTask CallAsync(RpcCall call, CancellationToken cancellationToken)
    {
        var text = call.Parameters.GetText(0);
        Started.Enqueue(text);
        await Before(cancellationToken);
        call.InitResults(0, 1).SetText(0, text);
    }
}
