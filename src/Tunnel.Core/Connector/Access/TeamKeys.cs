using Microsoft.Extensions.Logging;
using Tunnel.Protocol.Tokens;

namespace Tunnel.Core.Connector.Access;

/// <summary>
/// The keys of one team, fetched when the first token comes, then kept, and fetched again when they are old or a token
/// names a key that is not among them; never more often than the options allow.
/// </summary>
internal sealed class TeamKeys(HttpClient http, string domain, AccessTeamOptions options, TimeProvider time, ILogger log)
{
    private readonly Uri _address = new($"https://{domain}/cdn-cgi/access/certs");
    private readonly Lock _gate = new();
    private Kept? _kept;
    private Task<Kept>? _fetching;
    private DateTimeOffset _fetchedAt = DateTimeOffset.MinValue;

    /// <summary>Keys that are good to check a token with.</summary>
    /// <exception cref="TeamKeysException">There are none.</exception>
    public async Task<AccessTokenKeys> GetAsync(CancellationToken cancellationToken)
    {
        var kept = Volatile.Read(ref _kept);
        var age = kept is null ? TimeSpan.MaxValue : time.GetUtcNow() - kept.FetchedAt;
        if (age < options.KeepFor)
        {
            if (age >= options.RefreshAfter)
            {
                _ = StartFetch(); // who comes meanwhile goes by what is there
            }

            return kept!.Keys;
        }

        return (await FetchAsync(cancellationToken).ConfigureAwait(false)).Keys;
    }

    /// <summary>Keys that were fetched after others; null when it is too early to ask again.</summary>
    /// <exception cref="TeamKeysException">The team cannot be asked.</exception>
    public async Task<AccessTokenKeys?> GetNewerAsync(AccessTokenKeys than, CancellationToken cancellationToken)
    {
        if (Volatile.Read(ref _kept) is { } kept && !ReferenceEquals(kept.Keys, than))
        {
            return kept.Keys;
        }

        return StartFetch() is { } fetch ? (await fetch.WaitAsync(cancellationToken).ConfigureAwait(false)).Keys : null;
    }

    private Task<Kept> FetchAsync(CancellationToken cancellationToken) => StartFetch() is { } fetch
        ? fetch.WaitAsync(cancellationToken)
        : throw new TeamKeysException($"The keys of {domain} could not be fetched a moment ago.");

    /// <summary>One fetch at a time, for all who wait; null when the last one is too recent.</summary>
    private Task<Kept>? StartFetch()
    {
        lock (_gate)
        {
            if (_fetching is { IsCompleted: false })
            {
                return _fetching;
            }

            var now = time.GetUtcNow();
            if (now - _fetchedAt < options.FetchInterval)
            {
                return null;
            }

            _fetchedAt = now;
            return _fetching = Task.Run(() => FetchNowAsync(now));
        }
    }

    private async Task<Kept> FetchNowAsync(DateTimeOffset now)
    {
        try
        {
            using var limit = new CancellationTokenSource(options.FetchTimeout, time);
            var keys = AccessTokenKeys.Parse(await http.GetByteArrayAsync(_address, limit.Token).ConfigureAwait(false));
            var kept = new Kept(keys, now);
            Volatile.Write(ref _kept, kept);
            return kept;
        }
        catch (Exception error) when (error is HttpRequestException or OperationCanceledException or FormatException)
        {
            log.LogWarning("The keys of {Team} cannot be fetched: {Reason}", domain, error.Message);
            throw new TeamKeysException($"The keys of {domain} cannot be fetched: {error.Message}", error);
        }
    }

    private sealed record Kept(AccessTokenKeys Keys, DateTimeOffset FetchedAt);
}
