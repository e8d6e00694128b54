namespace Tunnel.Protocol.CapnProto;

/// <summary>
/// Bytes are no Cap'n Proto message, or one beyond <see cref="ReaderLimits"/>. The only exception that reading throws
/// because of what was read.
/// </summary>
public sealed class CapnProtoException : Exception
{
    /// <param name="message">Which rule of the encoding, or which limit, is violated.</param>
    public CapnProtoException(string message)
        : base(message)
    {
    }

    /// <param name="message">Which rule of the encoding, or which limit, is violated.</param>
    /// <param name="innerException">Where it was noticed.</param>
    public CapnProtoException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
