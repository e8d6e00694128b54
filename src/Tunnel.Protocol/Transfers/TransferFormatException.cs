namespace Tunnel.Protocol.Transfers;

/// <summary>A transfer that cannot be opened or sealed.</summary>
public sealed class TransferFormatException : FormatException
{
    public TransferFormatException()
    {
    }

    public TransferFormatException(string message)
        : base(message)
    {
    }

    public TransferFormatException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
