namespace Tunnel.Core.Api;

/// <summary>A client or account is used whose token was forgotten.</summary>
public sealed class AccountDisconnectedException : InvalidOperationException
{
    public AccountDisconnectedException()
        : base("The account is disconnected, and its API token forgotten. Connect it again, and use the new account object.")
    {
    }

    public AccountDisconnectedException(string message)
        : base(message)
    {
    }

    public AccountDisconnectedException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }
}
