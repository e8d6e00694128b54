namespace Tunnel.PowerShell.Pipeline;

/// <summary>A cmdlet needs an account, and the runspace has none.</summary>
public sealed class AccountNotConnectedException : InvalidOperationException
{
    public AccountNotConnectedException()
        : base("No account is connected in this session. Run Connect-TunnelAccount first, or pass -Account.")
    {
    }

    public AccountNotConnectedException(string message)
        : base(message)
    {
    }

    public AccountNotConnectedException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }
}
