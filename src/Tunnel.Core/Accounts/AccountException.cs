using Tunnel.Core.Api;

namespace Tunnel.Core.Accounts;

/// <summary>An account cannot be connected. The message says what to do.</summary>
public sealed class AccountException : Exception
{
    public AccountException()
    {
    }

    public AccountException(string message)
        : base(message)
    {
    }

    public AccountException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    /// <summary>The accounts to choose from, when one has to be named.</summary>
    public IReadOnlyList<Account> Candidates { get; init; } = [];
}
