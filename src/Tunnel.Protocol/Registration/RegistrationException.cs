namespace Tunnel.Protocol.Registration;

/// <summary>
/// The edge refuses a registration: <c>ConnectionError</c> (0xf5f383d2785edb86) of tunnelrpc.capnp. It is a result of
/// the call, so the stream stays usable.
/// </summary>
public sealed class RegistrationException : Exception
{
    /// <summary>The cause that says that this connection index is connected there already.</summary>
    public const string DuplicateConnection = "EDUPCONN";

    /// <param name="cause">The error's text on the wire; <see cref="DuplicateConnection"/> is one with a meaning.</param>
    /// <param name="shouldRetry">Whether the connector may try again.</param>
    /// <param name="retryAfter">How long it should wait; zero leaves that to the connector.</param>
    public RegistrationException(string cause, bool shouldRetry = false, TimeSpan retryAfter = default)
        : base(cause)
    {
        Cause = cause;
        ShouldRetry = shouldRetry;
        RetryAfter = retryAfter;
    }

    /// <summary>The error's text, as it is on the wire.</summary>
    public string Cause { get; }

    /// <summary>Whether the connector may try again.</summary>
    public bool ShouldRetry { get; }

    /// <summary>How long to wait before that. Zero or more; nanoseconds on the wire.</summary>
    public TimeSpan RetryAfter { get; }
}
