namespace Tunnel.Access;

/// <summary>A rule cannot be read. The message says which forms there are.</summary>
public sealed class AccessRuleFormatException : FormatException
{
    public AccessRuleFormatException()
    {
    }

    public AccessRuleFormatException(string message)
        : base(message)
    {
    }

    public AccessRuleFormatException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
