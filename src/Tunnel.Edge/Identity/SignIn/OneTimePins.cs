using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Tunnel.Edge.Identity.SignIn;

/// <summary>
/// PINs that wait to be typed. Each belongs to the browser that asked for it, is good once and for ten minutes, and ends
/// after five wrong tries. Only its hash is kept; after a restart people ask for another.
/// </summary>
internal sealed class OneTimePins(TimeProvider time)
{
    public const int Digits = 6;

    private const int MaxTries = 5;
    private const int MaxPending = 10_000;

    private static readonly TimeSpan s_lifetime = TimeSpan.FromMinutes(10);

    private readonly byte[] _key = RandomNumberGenerator.GetBytes(32);
    private readonly ConcurrentDictionary<string, Pending> _pending = new(StringComparer.Ordinal);

    /// <summary>A new PIN.</summary>
    /// <returns>What the browser keeps as a cookie, and what goes by mail.</returns>
    public (string Ticket, string Pin) Issue(string email, SignInState state)
    {
        var now = time.GetUtcNow();
        foreach (var (key, old) in _pending)
        {
            if (old.Until <= now)
            {
                _pending.TryRemove(key, out _);
            }
        }

        if (_pending.Count >= MaxPending)
        {
            // The oldest goes: to give out none instead would let a crowd of strangers close the sign-in.
            _pending.TryRemove(_pending.MinBy(p => p.Value.Until).Key, out _);
        }

        var ticket = RandomNumberGenerator.GetHexString(64, lowercase: true);
        var pin = RandomNumberGenerator.GetInt32(1_000_000).ToString("D6", CultureInfo.InvariantCulture);
        _pending[KeyOf(ticket)] = new Pending(email, state, HashOf(ticket, pin), now + s_lifetime);
        return (ticket, pin);
    }

    /// <summary>What the browser asked for; null when it is over.</summary>
    public (string Email, SignInState State)? Find(string? ticket) =>
        ticket is not null && _pending.TryGetValue(KeyOf(ticket), out var pending) && time.GetUtcNow() < pending.Until
            ? (pending.Email, pending.State) : null;

    /// <summary>Whether it is the PIN; a right one is good no more, and so is one with too many wrong tries.</summary>
    public bool Take(string ticket, string pin)
    {
        var key = KeyOf(ticket);
        if (!_pending.TryGetValue(key, out var pending) || time.GetUtcNow() >= pending.Until)
        {
            return false;
        }

        // Counted before it is looked at: tries at the same time get no more than tries one after the other.
        var tries = Interlocked.Increment(ref pending.Tries);
        if (tries >= MaxTries)
        {
            _pending.TryRemove(key, out _);
        }

        return tries <= MaxTries
            && CryptographicOperations.FixedTimeEquals(HashOf(ticket, pin), pending.Hash)
            && Interlocked.Exchange(ref pending.Taken, 1) == 0
            && (_pending.TryRemove(key, out _) || tries == MaxTries);
    }

    private static string KeyOf(string ticket) => Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(ticket)));

    private byte[] HashOf(string ticket, string pin) => HMACSHA256.HashData(_key, Encoding.UTF8.GetBytes($"{ticket} {pin}"));

    private sealed class Pending(string email, SignInState state, byte[] hash, DateTimeOffset until)
    {
        public int Taken;
        public int Tries;

        public string Email { get; } = email;

        public SignInState State { get; } = state;

        public byte[] Hash { get; } = hash;

        public DateTimeOffset Until { get; } = until;
    }
}
