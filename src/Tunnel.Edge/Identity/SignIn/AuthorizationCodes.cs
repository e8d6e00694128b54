using System.Collections.Concurrent;
using System.Security.Cryptography;

namespace Tunnel.Edge.Identity.SignIn;

/// <summary>
/// Carries a finished sign-in from the team domain to the application's host: a code that is good once, within a minute,
/// for the browser that asked. No token stands in an address.
/// </summary>
internal sealed class AuthorizationCodes(TimeProvider time)
{
    private const int MaxPending = 10_000;

    private static readonly TimeSpan s_lifetime = TimeSpan.FromMinutes(1);

    private readonly ConcurrentDictionary<string, Pending> _pending = new(StringComparer.Ordinal);

    /// <summary>A code for the token; null when more are waiting than people sign in.</summary>
    public string? Issue(SignInState state, string token, DateTimeOffset expires)
    {
        var now = time.GetUtcNow();
        if (_pending.Count >= MaxPending)
        {
            foreach (var (old, pending) in _pending)
            {
                if (pending.Until <= now)
                {
                    _pending.TryRemove(old, out _);
                }
            }

            if (_pending.Count >= MaxPending)
            {
                return null;
            }
        }

        var code = RandomNumberGenerator.GetHexString(64, lowercase: true);
        _pending[code] = new Pending(state, token, expires, now + s_lifetime);
        return code;
    }

    /// <summary>What the code stands for; null when there is no such code any more.</summary>
    public (SignInState State, string Token, DateTimeOffset Expires)? Take(string code) =>
        _pending.TryRemove(code, out var pending) && time.GetUtcNow() < pending.Until
            ? (pending.State, pending.Token, pending.Expires) : null;

    private sealed record Pending(SignInState State, string Token, DateTimeOffset Expires, DateTimeOffset Until);
}
