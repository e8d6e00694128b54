using Tunnel.Protocol.Transfers;

namespace Tunnel.Core.Login;

/// <summary>What a store had.</summary>
/// <param name="Text">The body: a secret.</param>
/// <param name="Sender">The key that encrypted it; null when it is not encrypted.</param>
internal sealed record TransferContent(string Text, TransferKey? Sender)
{
    public override string ToString() => $"TransferContent {{ Length = {Text.Length} }}";
}
