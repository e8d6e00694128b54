using System.Globalization;
using System.Threading.Channels;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;

namespace Tunnel.Edge.Store;

/// <summary>
/// The request log: every decision of Access. <see cref="Append"/> never waits; one writer stores what was appended in
/// batches, a fraction of a second later, and on disposal what is left. An entry is lost only when
/// <see cref="Capacity"/> entries are waiting already, or when the process dies before its batch is written.
/// </summary>
/// <remarks>
/// What everybody can cause, decisions about nobody, is bounded apart: <see cref="StrangersPerSecond"/> are written down one
/// by one and the rest of that second as a number, and they have a quarter of the log. So no stranger washes out who came in.
/// </remarks>
public sealed class AccessRequestLog : IDisposable
{
    /// <summary>How many entries may wait for the disk: more than it takes in by the second.</summary>
    public const int Capacity = 16_384;

    /// <summary>How many decisions about nobody are written down one by one.</summary>
    public const int StrangersPerSecond = 200;

    private const int BatchSize = 1024;
    private const int TrimBatch = 20_000;

    private static readonly TimeSpan s_linger = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan s_retryAfter = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_trimEvery = TimeSpan.FromMinutes(10);

    private readonly EdgeDatabase _database;
    private readonly EdgeStoreOptions _options;
    private readonly ILogger _log;
    private readonly Channel<Item> _waiting = Channel.CreateBounded<Item>(new BoundedChannelOptions(Capacity) { SingleReader = true });
    private readonly SemaphoreSlim _hurry = new(0);
    private readonly Task _writing;
    private readonly Lock _counting = new();
    private long _lost;
    private long _second;
    private int _strangers;
    private int _folded;
    private DateTimeOffset _trimmedAt = DateTimeOffset.MinValue;
    private volatile bool _isDisposed;

    internal AccessRequestLog(EdgeDatabase database, EdgeStoreOptions options)
    {
        _database = database;
        _options = options;
        _log = options.LoggerFactory.CreateLogger<AccessRequestLog>();
        _writing = Task.Run(WriteAsync);
    }

    /// <summary>How many entries were not taken since the start, because too many were waiting.</summary>
    public long Lost => Interlocked.Read(ref _lost);

    /// <summary>
    /// Takes an entry without waiting for anything; false when it is lost (see <see cref="Lost"/>), or is one of too many
    /// strangers and only counted.
    /// </summary>
    public bool Append(AccessRequestEntry entry)
    {
        ArgumentNullException.ThrowIfNull(entry);
        if (!entry.IsStranger)
        {
            return Take(entry);
        }

        if (!IsAdmitted(entry.CreatedAt, out var folded))
        {
            return false;
        }

        if (folded > 0)
        {
            Take(new AccessRequestEntry
            {
                CreatedAt = entry.CreatedAt, Allowed = false, IsStranger = true, IpAddress = "", RayId = "",
                Reason = string.Create(CultureInfo.InvariantCulture, $"{folded} more decisions about nobody within a second, which are not listed."),
            });
        }

        return Take(entry);
    }

    private bool IsAdmitted(DateTimeOffset moment, out int folded)
    {
        folded = 0;
        lock (_counting)
        {
            if (moment.ToUnixTimeSeconds() is var second && second != _second)
            {
                (folded, _second, _strangers, _folded) = (_folded, second, 0, 0);
            }

            if (++_strangers <= StrangersPerSecond)
            {
                return true;
            }

            _folded++;
            return false;
        }
    }

    private bool Take(AccessRequestEntry entry)
    {
        if (_waiting.Writer.TryWrite(new Item(entry, null)))
        {
            return true;
        }

        if (Interlocked.Increment(ref _lost) is var lost && (lost & (lost - 1)) == 0)
        {
            // Told at 1, 2, 4, 8, ...: a flood of requests must not become a flood of log lines.
            _log.LogError("The request log takes no more entries: {Lost} decisions are not in it.", lost);
        }

        return false;
    }

    /// <summary>Waits until everything that was appended before is stored.</summary>
    public async Task FlushAsync(CancellationToken cancellationToken = default)
    {
        var stored = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        try
        {
            await _waiting.Writer.WriteAsync(new Item(null, stored), cancellationToken).ConfigureAwait(false);
            _hurry.Release();
        }
        catch (ChannelClosedException)
        {
            return;
        }

        await stored.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>The stored entries that the query asks for, none older than the retention.</summary>
    public IReadOnlyList<AccessRequestEntry> Find(AccessRequestQuery query)
    {
        ArgumentNullException.ThrowIfNull(query);
        var oldest = Oldest();
        return _database.Read(c => AccessRequestTable.Find(
            c, query.Since >= oldest ? query : query with { Since = oldest }));
    }

    /// <summary>Stores what is left.</summary>
    public void Dispose()
    {
        if (_isDisposed)
        {
            return;
        }

        _isDisposed = true;
        _waiting.Writer.Complete();
        _hurry.Release();
        _writing.GetAwaiter().GetResult();
        _hurry.Dispose();
    }

    private async Task WriteAsync()
    {
        var entries = new List<AccessRequestEntry>(BatchSize);
        var flushes = new List<TaskCompletionSource>();
        while (await _waiting.Reader.WaitToReadAsync().ConfigureAwait(false))
        {
            // One commit for all that comes now: each has to reach the disk.
            await _hurry.WaitAsync(s_linger).ConfigureAwait(false);
            while (Take(entries, flushes))
            {
                await StoreAsync(entries).ConfigureAwait(false);
                flushes.ForEach(flush => flush.TrySetResult());
            }
        }
    }

    private bool Take(List<AccessRequestEntry> entries, List<TaskCompletionSource> flushes)
    {
        entries.Clear();
        flushes.Clear();
        while (entries.Count < BatchSize && _waiting.Reader.TryRead(out var item))
        {
            if (item.Entry is { } entry)
            {
                entries.Add(entry);
            }

            if (item.Flush is { } flush)
            {
                flushes.Add(flush);
            }
        }

        return entries.Count + flushes.Count > 0;
    }

    /// <summary>Holds on to the batch while the disk takes nothing; the bound on what waits keeps memory in check.</summary>
    private async Task StoreAsync(List<AccessRequestEntry> entries)
    {
        while (entries.Count > 0)
        {
            try
            {
                _database.WriteApart(Write);
                return;
            }
            catch (SqliteException error)
            {
                _log.LogError("The request log cannot be written: {Reason}", error.Message);
                if (_isDisposed)
                {
                    _log.LogError("{Lost} decisions are not in the request log.", entries.Count);
                    return;
                }

                await Task.Delay(s_retryAfter).ConfigureAwait(false);
            }
        }

        int Write(SqliteConnection connection)
        {
            foreach (var entry in entries)
            {
                AccessRequestTable.Insert(connection, entry);
            }

            var now = _options.TimeProvider.GetUtcNow();
            if (now - _trimmedAt >= s_trimEvery)
            {
                var isDone = AccessRequestTable.Trim(
                    connection, Oldest(), _options.AccessLogMaximum / 4, _options.AccessLogMaximum, TrimBatch);
                _trimmedAt = isDone ? now : _trimmedAt;
            }

            return entries.Count;
        }
    }

    private DateTimeOffset Oldest()
    {
        var now = _options.TimeProvider.GetUtcNow();
        return now - DateTimeOffset.MinValue > _options.AccessLogRetention ? now - _options.AccessLogRetention : DateTimeOffset.MinValue;
    }

    private readonly record struct Item(AccessRequestEntry? Entry, TaskCompletionSource? Flush);
}
