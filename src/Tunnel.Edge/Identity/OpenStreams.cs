using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Tunnel.Edge.Identity.SignIn;
using Tunnel.Edge.Store;

namespace Tunnel.Edge.Identity;

/// <summary>
/// What visitors have open, so that it ends with the session or service token that opened it, and with the policies that
/// let it in: at once when something is revoked, else within half a second of the end or of a change in the store.
/// </summary>
/// <remarks>
/// Cloudflare lets a stream go on under changed policies until its session ends. Who takes a person out of a policy means
/// now: a shell that stays open for a day would be no answer.
/// </remarks>
internal sealed class OpenStreams : IAsyncDisposable
{
    private static readonly TimeSpan s_interval = TimeSpan.FromMilliseconds(500);

    private readonly EdgeStore _store;
    private readonly TimeProvider _time;
    private readonly ILogger<OpenStreams> _log;
    private readonly ITimer _timer;
    private readonly ConcurrentDictionary<OpenStream, byte> _streams = new();
    private long _revision;

    public OpenStreams(EdgeStore store, TimeProvider time, ILogger<OpenStreams> log)
    {
        (_store, _time, _log) = (store, time, log);
        _store.Sessions.Revoked += CheckAll;
        _store.Approvals.Changed += CheckAll;
        _timer = time.CreateTimer(_ => Sweep(), null, s_interval, s_interval);
    }

    /// <summary>Until the registration is disposed, the stream is closed when its visitor's session ends.</summary>
    /// <param name="outcome">What Access said to it.</param>
    /// <param name="allows">Whether it would be let in under another snapshot.</param>
    /// <param name="close">Ends it.</param>
    public IDisposable Register(AccessOutcome outcome, Func<GatewaySnapshot, bool> allows, Action close)
    {
        var stream = new OpenStream(this, outcome as AccessOutcome.Granted, allows, close);
        _streams[stream] = 0;
        Check(stream); // it may have been revoked since the visitor was let in
        return stream;
    }

    /// <summary>How many streams a person's session has open.</summary>
    public int CountOf(string nonce) => _streams.Keys.Count(s => s.Granted?.Identity is { Session: not null } visitor && visitor.Nonce == nonce);

    public ValueTask DisposeAsync()
    {
        _store.Sessions.Revoked -= CheckAll;
        _store.Approvals.Changed -= CheckAll;
        return _timer.DisposeAsync();
    }

    private void Sweep()
    {
        if (_streams.IsEmpty)
        {
            return;
        }

        try
        {
            var revision = _store.Revision;
            var now = Interlocked.Exchange(ref _revision, revision) != revision ? long.MaxValue : _time.GetUtcNow().UtcTicks;
            foreach (var (stream, _) in _streams)
            {
                if (now >= stream.End)
                {
                    Check(stream);
                }
            }
        }
#pragma warning disable CA1031 // It is a timer's thread: what is thrown here ends the process.
        catch (Exception error)
#pragma warning restore CA1031
        {
            // What cannot be checked now is checked at the next tick; requests, which need the store too, are refused.
            Interlocked.Exchange(ref _revision, -1);
            _log.LogError("The sessions of open streams cannot be checked: {Reason}", error.Message);
        }
    }

    private void CheckAll()
    {
        foreach (var (stream, _) in _streams)
        {
            Check(stream);
        }
    }

    private void Check(OpenStream stream)
    {
        if (EndOf(stream) is { } end)
        {
            stream.End = end.UtcTicks;
        }
        else if (_streams.TryRemove(stream, out _))
        {
            stream.Close();
        }
    }

    private DateTimeOffset? EndOf(OpenStream stream)
    {
        var snapshot = _store.Snapshot;
        if (!stream.IsAllowed(snapshot))
        {
            return null;
        }

        if (stream.Granted is not { Identity: { } identity, Application: { Id: var application, Aud: var audience } })
        {
            return DateTimeOffset.MaxValue; // nobody was asked, and nobody would be now
        }

        if (!snapshot.ApplicationsByAud.TryGetValue(audience, out var present)
            || (identity.Session is { } signedIn && !LoginMethods.Allows(present, snapshot, signedIn.ProviderId)))
        {
            return null;
        }

        if (identity.Machine is { } certified)
        {
            return snapshot.Certificates.TryGetValue(certified.Hostname, out var authorities)
                && authorities.Any(a => a.Id == certified.AuthorityId) && _time.GetUtcNow() < certified.Until ? certified.Until : null;
        }

        return identity.ServiceToken is { } machine
            ? snapshot.ServiceTokens.TryGetValue(machine.ClientId, out var token)
                ? _store.Sessions.EndOf(token, application, identity.Nonce) : null
            : EndOf(identity, application);
    }

    // An approval that ends may have been what let the person in.
    private DateTimeOffset? EndOf(VerifiedIdentity person, Guid application) =>
        _store.Sessions.Find(person.Nonce, person.SessionId!, application) is { } session
            && session.Applications.First(a => a.ApplicationId == application).ExpiresAt is var end
                ? _store.Approvals.NextEnd(session.Email, application) is { } approved && approved < end ? approved : end : null;

    private sealed class OpenStream(
        OpenStreams owner, AccessOutcome.Granted? granted, Func<GatewaySnapshot, bool> allows, Action close) : IDisposable
    {
        private readonly Lock _ending = new();
        private long _end = long.MaxValue;
        private bool _isOver;

        /// <summary>Null where no application was in charge.</summary>
        public AccessOutcome.Granted? Granted { get; } = granted;

        public bool IsAllowed(GatewaySnapshot snapshot) => allows(snapshot);

        /// <summary>In ticks of UTC.</summary>
        public long End
        {
            get => Interlocked.Read(ref _end);
            set => Interlocked.Exchange(ref _end, value);
        }

        public void Close()
        {
            lock (_ending)
            {
                if (!_isOver)
                {
                    close();
                }
            }
        }

        /// <summary>After this nothing is closed: what stood behind the stream may serve another request by then.</summary>
        public void Dispose()
        {
            owner._streams.TryRemove(this, out _);
            lock (_ending)
            {
                _isOver = true;
            }
        }
    }
}
