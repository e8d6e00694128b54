using Tunnel.Protocol.Transfers;

namespace Tunnel.Edge.Transfers;

/// <summary>What a program that waits is told.</summary>
/// <param name="Status">Whether there is something.</param>
/// <param name="Content">The body; empty when there is nothing.</param>
/// <param name="Sender">The key that sealed it; null when it is not sealed.</param>
public sealed record TransferAnswer(TransferStatus Status, string Content = "", TransferKey? Sender = null)
{
    /// <summary>Without the content, which is a secret.</summary>
    public override string ToString() => $"TransferAnswer {{ Status = {Status} }}";
}
