using System.Collections.Concurrent;
using System.Net;
using Tunnel.Edge.Hosting;

namespace Tunnel.Edge.Identity.SignIn;

/// <summary>
/// How many PINs are mailed: to one address, and for one visitor's network. With five tries a PIN, nobody guesses one in
/// a lifetime, and nobody's mailbox is filled. It counts the same whether or not the address would get in.
/// </summary>
internal sealed class SignInRateLimit(TimeProvider time)
{
    private const int MaxRemembered = 50_000;

    private readonly ConcurrentDictionary<string, Window> _windows = new(StringComparer.Ordinal);

    public bool Allows(string email, IPAddress address)
    {
        var (network, site) = (VisitorNetwork.Of(address), VisitorNetwork.SiteOf(address));
        return Count("network " + network, 20, TimeSpan.FromMinutes(10))
            && Count("site " + site, 200, TimeSpan.FromMinutes(10))
            // One customer of a provider has few codes for an address, so that it cannot use up those of the person whose address it is.
            && Count($"pair {site} {email}", 4, TimeSpan.FromMinutes(10))
            && Count("address " + email, 20, TimeSpan.FromMinutes(10))
            && Count("day " + email, 100, TimeSpan.FromDays(1));
    }

    private bool Count(string about, int most, TimeSpan length)
    {
        var now = time.GetUtcNow();
        if (_windows.Count >= MaxRemembered)
        {
            MakeRoom();
        }

        var window = _windows.AddOrUpdate(about, _ => new Window(1, now + length),
            (_, present) => present.Until <= now ? new Window(1, now + length) : present with { Count = present.Count + 1 });
        return window.Count <= most;
    }

    // What ends first, a tenth at a time: to refuse everybody instead would let a crowd of strangers close the sign-in.
    private void MakeRoom()
    {
        foreach (var (key, _) in _windows.OrderBy(w => w.Value.Until).Take(MaxRemembered / 10).ToList())
        {
            _windows.TryRemove(key, out _);
        }
    }

    private sealed record Window(int Count, DateTimeOffset Until);
}
