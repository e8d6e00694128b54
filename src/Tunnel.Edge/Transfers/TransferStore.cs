using System.Net;
using System.Text;
using Tunnel.Edge.Hosting;
using Tunnel.Protocol.Transfers;

namespace Tunnel.Edge.Transfers;

/// <summary>
/// Hands what a person was given in a browser to the program that sent them there: certificates of a login, tokens of a
/// sign-in. Kept in memory only, for minutes, and given out once. All members may be called from any thread.
/// </summary>
public sealed class TransferStore : IDisposable
{
    /// <summary>
    /// Where cloudflared fetches transfers, whatever address it was told for the login (<c>token/transfer.go</c>). Who
    /// makes this name lead to an edge is shown a certificate for it.
    /// </summary>
    public const string CloudflareHost = "login.cloudflareaccess.org";

    private readonly TransferStoreOptions _options;
    private readonly Lock _lock = new();
    private readonly Dictionary<TransferSlot, Entry> _entries = [];
    private readonly List<Waiting> _waiting = [];

    public TransferStore(TransferStoreOptions? options = null) => _options = options ?? new TransferStoreOptions();

    /// <summary>Leaves something for the program; what was there for it before is gone.</summary>
    /// <param name="slot">Sealed here if the slot says so.</param>
    /// <param name="content">A secret, as the program reads it.</param>
    /// <returns>False when it is too large, or too much is kept already.</returns>
    /// <exception cref="TransferFormatException">The slot's key is none that anything can be encrypted to.</exception>
    public bool TryPut(TransferSlot slot, string content)
    {
        ArgumentNullException.ThrowIfNull(slot);
        ArgumentNullException.ThrowIfNull(content);
        if (!slot.IsSealed)
        {
            return TryPut(slot, new TransferAnswer(TransferStatus.Ready, content));
        }

        var sealedContent = SealedTransfer.Seal(slot.Key, Encoding.UTF8.GetBytes(content));
        return TryPut(slot, new TransferAnswer(TransferStatus.Ready, sealedContent.Content, sealedContent.Sender));
    }

    /// <summary>Tells the program that the person said no.</summary>
    public bool TryCancel(TransferSlot slot) => TryPut(slot, new TransferAnswer(TransferStatus.Cancelled));

    /// <summary>Puts back what was taken and could not be delivered.</summary>
    public bool TryPutBack(TransferSlot slot, TransferAnswer answer)
    {
        ArgumentNullException.ThrowIfNull(answer);
        return answer.Status == TransferStatus.Ready && TryPut(slot, answer);
    }

    /// <summary>What is there now, and from then on not any longer; null when there is nothing.</summary>
    public TransferAnswer? TryTake(TransferSlot slot)
    {
        lock (_lock)
        {
            if (!_entries.TryGetValue(slot, out var entry))
            {
                return null;
            }

            // A no stays, so that each further try gets it at once.
            if (entry.Answer.Status == TransferStatus.Ready)
            {
                Remove(slot, entry);
            }

            return entry.Answer;
        }
    }

    /// <summary>Whether something is there and was not fetched yet.</summary>
    public bool Contains(TransferSlot slot)
    {
        lock (_lock)
        {
            return _entries.ContainsKey(slot);
        }
    }

    /// <summary>Waits until something is there, as long as one request is held.</summary>
    /// <param name="slot">What to wait for.</param>
    /// <param name="address">Who waits.</param>
    public async Task<TransferAnswer> TakeAsync(TransferSlot slot, IPAddress? address, CancellationToken cancellationToken)
    {
        var waiting = new Waiting(slot, address);
        lock (_lock)
        {
            if (TryTake(slot) is { } there)
            {
                return there;
            }

            if (_waiting.Count(w => w.Site == waiting.Site) >= _options.MaxWaitingPerSite)
            {
                return new TransferAnswer(TransferStatus.TooMany);
            }

            if (_waiting.Count >= _options.MaxWaiting)
            {
                // Whoever has waited longest asks again: to refuse everybody instead would let a crowd close the sign-in.
                _waiting[0].Arrived.TrySetResult();
                _waiting.RemoveAt(0);
            }

            _waiting.Add(waiting);
        }

        try
        {
            await waiting.Arrived.Task.WaitAsync(_options.Hold, _options.TimeProvider, cancellationToken).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            // As good an end as any: whether something is there is looked up below.
        }
        finally
        {
            lock (_lock)
            {
                _waiting.Remove(waiting);
            }
        }

        return TryTake(slot) ?? new TransferAnswer(TransferStatus.NotYet);
    }

    /// <summary>From which address a program waits for it now; null when none does.</summary>
    public IPAddress? WaitingFrom(TransferSlot slot)
    {
        lock (_lock)
        {
            return _waiting.Find(w => w.Slot == slot)?.Address;
        }
    }

    public void Dispose()
    {
        lock (_lock)
        {
            foreach (var entry in _entries.Values)
            {
                entry.Expiry.Dispose();
            }

            _entries.Clear();
        }
    }

    private bool TryPut(TransferSlot slot, TransferAnswer answer)
    {
        if (answer.Content.Length > _options.MaxLength)
        {
            return false;
        }

        lock (_lock)
        {
            if (_entries.TryGetValue(slot, out var before))
            {
                Remove(slot, before);
            }

            if (_entries.Count >= _options.MaxEntries)
            {
                return false;
            }

            var entry = new Entry(answer);
            entry.Expiry = _options.TimeProvider.CreateTimer(
                _ => Expire(slot, entry), null, _options.Lifetime, Timeout.InfiniteTimeSpan);
            _entries[slot] = entry;
            // The first one only: another that waits for the same gets the next, or nothing.
            _waiting.Find(w => w.Slot == slot)?.Arrived.TrySetResult();
            return true;
        }
    }

    private void Expire(TransferSlot slot, Entry entry)
    {
        lock (_lock)
        {
            if (_entries.TryGetValue(slot, out var present) && ReferenceEquals(present, entry))
            {
                Remove(slot, entry);
            }
        }
    }

    private void Remove(TransferSlot slot, Entry entry)
    {
        entry.Expiry.Dispose();
        _entries.Remove(slot);
    }

    private sealed class Entry(TransferAnswer answer)
    {
        public TransferAnswer Answer { get; } = answer;

        public ITimer Expiry { get; set; } = null!;
    }

    private sealed class Waiting(TransferSlot slot, IPAddress? address)
    {
        public TransferSlot Slot { get; } = slot;

        public IPAddress? Address { get; } = address;

        /// <summary>What limits count as one: of IPv6, everybody has addresses without number.</summary>
        public string Site { get; } = address is null ? "" : VisitorNetwork.SiteOf(address);

        public TaskCompletionSource Arrived { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
