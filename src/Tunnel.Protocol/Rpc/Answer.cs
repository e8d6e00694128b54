namespace Tunnel.Protocol.Rpc;

/// <summary>A call or Bootstrap of the peer, until it is both returned by us and finished by the peer.</summary>
internal sealed class Answer : IDisposable
{
    private readonly CancellationTokenSource _canceled = new();

    public required uint Id { get; init; }

    /// <summary>The answer is our bootstrap capability, which the peer may call before it has it.</summary>
    public required bool IsBootstrap { get; init; }

    /// <summary>Bytes of the call; they count until it is returned.</summary>
    public required long Bytes { get; init; }

    public bool IsReturned { get; set; }

    public bool IsFinished { get; set; }

    /// <summary>Cancelled when the peer finishes the call before its Return.</summary>
    public CancellationToken Canceled => _canceled.Token;

    public void Cancel() => _canceled.Cancel();

    public void Dispose() => _canceled.Dispose();
}
