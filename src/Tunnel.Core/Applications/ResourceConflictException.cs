namespace Tunnel.Core.Applications;

/// <summary>Something of that name exists and is not what was asked for. The message says what to do.</summary>
public sealed class ResourceConflictException : Exception
{
    public ResourceConflictException()
    {
    }

    public ResourceConflictException(string message)
        : base(message)
    {
    }

    public ResourceConflictException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }
}
