using System.Runtime.CompilerServices;
using Tunnel.Core.Api;

namespace Tunnel.Core.Log;

/// <summary>Reads the request log of one account: what is there, and what comes.</summary>
public sealed class AccessLogReader(TunnelApiClient api, string accountId, AccessLogReaderOptions? options = null)
{
    private const int FirstPage = 100;
    private const int FullPage = 1000;
    private const int TailLength = 10;

    private readonly AccessLogReaderOptions _options = options ?? new AccessLogReaderOptions();

    /// <summary>The entries, in the filter's order. A page is asked for only when the entries before it were taken.</summary>
    public async IAsyncEnumerable<AccessLogEntry> ListAsync(
        AccessLogFilter filter, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(filter);
        var seen = new SeenEntries();
        for (var limit = FirstPage; ; limit = FullPage)
        {
            IReadOnlyList<AccessLogEntry> page = await api.AccessLog
                .GetAsync(accountId, filter, limit, cancellationToken).ConfigureAwait(false);
            var fresh = 0;
            foreach (AccessLogEntry entry in page)
            {
                if (seen.Add(entry))
                {
                    fresh++;
                    yield return entry;
                }
            }

            if (page.Count < limit || fresh == 0)
            {
                yield break;
            }

            // The next page begins with the last time of this one, of which there may be more entries.
            DateTimeOffset last = page[^1].CreatedAt;
            filter = filter.IsAscending ? filter with { Since = last } : filter with { Until = last };
        }
    }

    /// <summary>
    /// The last entries (or those from the filter's time on), the oldest first, and then each as it comes, until cancelled.
    /// </summary>
    public async IAsyncEnumerable<AccessLogEntry> FollowAsync(
        AccessLogFilter filter, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(filter);
        var seen = new SeenEntries();
        DateTimeOffset? newest = filter.Since;
        if (newest is null)
        {
            IReadOnlyList<AccessLogEntry> tail = await api.AccessLog.GetAsync(
                accountId, filter with { IsAscending = false }, TailLength, cancellationToken).ConfigureAwait(false);
            foreach (AccessLogEntry entry in tail.Reverse())
            {
                seen.Add(entry);
                newest = entry.CreatedAt;
                yield return entry;
            }
        }

        TimeSpan wait = _options.PollInterval;
        while (true)
        {
            var fresh = 0;
            // Decisions reach the log a little out of order: look back, and leave out what was seen.
            DateTimeOffset? since = newest - _options.LookBack;
            await foreach (AccessLogEntry entry in ListAsync(
                filter with { IsAscending = true, Since = since < filter.Since ? filter.Since : since }, cancellationToken)
                .ConfigureAwait(false))
            {
                if (seen.Add(entry))
                {
                    fresh++;
                    newest = newest > entry.CreatedAt ? newest : entry.CreatedAt;
                    yield return entry;
                }
            }

            seen.Forget(newest - _options.LookBack - _options.LookBack);
            // A log where nothing happens is asked less and less often.
            wait = fresh > 0 ? _options.PollInterval : TimeSpan.FromTicks(Math.Min(wait.Ticks * 5 / 4, _options.MaxPollInterval.Ticks));
            await Task.Delay(wait, _options.TimeProvider, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>The log gives its entries no ids: these are what tells them apart.</summary>
    private sealed class SeenEntries
    {
        private readonly HashSet<(DateTimeOffset, string?, string?, bool, string?)> _seen = [];

        public bool Add(AccessLogEntry entry) =>
            _seen.Add((entry.CreatedAt, entry.RayId, entry.Action, entry.Allowed, entry.UserEmail));

        public void Forget(DateTimeOffset? before) => _seen.RemoveWhere(entry => entry.Item1 < before);
    }
}
