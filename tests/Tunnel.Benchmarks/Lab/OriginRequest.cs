namespace Tunnel.Benchmarks.Lab;

/// <summary>The first byte of a connection to the origin: what it shall do with the connection.</summary>
internal static class OriginRequest
{
    /// <summary>Send everything back.</summary>
    public const byte Echo = (byte)'e';

    /// <summary>Send zeros for as long as somebody reads.</summary>
    public const byte Send = (byte)'s';

    /// <summary>Read, and send one byte for each <see cref="ReceiptSize"/> bytes that have come.</summary>
    public const byte Receive = (byte)'r';

    public const int ReceiptSize = 256 * 1024;
}
