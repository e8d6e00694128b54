namespace Tunnel.PowerShell.Tests.Pipeline;

/// <summary>What a cmdlet waits for when it is stopped.</summary>
public enum WaitKind
{
    /// <summary>The call has come, and nothing goes back.</summary>
    NoAnswer,

    /// <summary>The answer has begun, and does not end.</summary>
    SlowBody,

    /// <summary>The call is to be tried again in a minute.</summary>
    BackOff,

    /// <summary>The call is refused, and what it was to bring about does not come.</summary>
    Refused,

    /// <summary>It was answered, and the cmdlet asks again after a while.</summary>
    Polls,
}
