using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Tunnel.Edge.Identity.SignIn;

/// <summary>
/// How many PINs are mailed: to one address, and for one visitor's network. With five tries a PIN, nobody guesses one in
/// a lifetime, and nobody's mailbox is filled. It counts the same whether or not the address would get in.
/// </summary>
internal sealed class SignInRateLimit(TimeProvider time)
{
    private const int MaxRemembered = 50_000;

    private readonly ConcurrentDictionary<string, Window> _windows = new(StringComparer.Ordinal);

    public bool Allows(string email, IPAddress address) =>
        Count("network " + Network(address), 20, TimeSpan.FromMinutes(10))
        && Count("address " + email, 4, TimeSpan.FromMinutes(10))
        && Count("day " + email, 20, TimeSpan.FromDays(1));

    private bool Count(string about, int most, TimeSpan length)
    {
        var now = time.GetUtcNow();
        if (_windows.Count >= MaxRemembered)
        {
            foreach (var (key, old) in _windows)
            {
                if (old.Until <= now)
                {
                    _windows.TryRemove(key, out _);
                }
            }
        }

        if (_windows.Count >= MaxRemembered)
        {
            return false;
        }

        var window = _windows.AddOrUpdate(about, _ => new Window(1, now + length),
            (_, present) => present.Until <= now ? new Window(1, now + length) : present with { Count = present.Count + 1 });
        return window.Count <= most;
    }

    /// <summary>An IPv6 visitor has a network of 64 bits to itself.</summary>
    private static string Network(IPAddress address) => address.AddressFamily == AddressFamily.InterNetworkV6
        ? Convert.ToHexString(address.GetAddressBytes().AsSpan(0, 8)) : address.ToString();

    private sealed record Window(int Count, DateTimeOffset Until);
}
