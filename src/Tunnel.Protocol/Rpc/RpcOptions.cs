using Tunnel.Protocol.CapnProto;

namespace Tunnel.Protocol.Rpc;

/// <summary>Bounds of a connection: what the peer can make it hold.</summary>
public sealed record RpcOptions
{
    /// <summary>The defaults.</summary>
    public static RpcOptions Default { get; } = new();

    /// <summary>Bounds of each message.</summary>
    public ReaderLimits Reader { get; init; } = ReaderLimits.Default;

    /// <summary>Calls of ours that the peer has not returned yet. One more is an <c>overloaded</c> exception here.</summary>
    public int MaxQuestions { get; init; } = 64;

    /// <summary>Calls of the peer that it has not finished yet. One more ends the connection.</summary>
    public int MaxAnswers { get; init; } = 64;

    /// <summary>Calls of the peer that wait or run. One more is returned as <c>overloaded</c>.</summary>
    public int MaxPendingCalls { get; init; } = 16;

    /// <summary>Bytes of the calls that wait or run. More are returned as <c>overloaded</c>.</summary>
    public long MaxPendingBytes { get; init; } = 2 << 20;

    /// <summary>How long a peer has at the end to take what is being sent, such as the Abort that says why.</summary>
    public TimeSpan CloseTimeout { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>The clock of <see cref="CloseTimeout"/>.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>Told of exceptions of an <see cref="ICapability"/> that the peer gets no details of.</summary>
    public Action<Exception>? OnUnhandledException { get; init; }
}
