using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;

namespace Tunnel.Edge.Store;

/// <summary>
/// Who is signed in. Kept in the database, so that a session and its end outlive the process, and in memory, so that a
/// request is decided without a look at the disk: only signing in and revoking write.
/// </summary>
/// <remarks>
/// A machine's service token has no row: what its tokens stand for follows from the token's secret and from how often
/// the application was revoked, so that a rotation, and a revocation, ends them (see <see cref="NonceOf(ServiceTokenRecord, string, Guid)"/>).
/// </remarks>
public sealed class AccessSessions : IAccessSessions
{
    /// <summary>Of one person; the oldest makes room.</summary>
    private const int MaxPerUser = 50;

    private const int MaxUserAgentLength = 256;
    private const string NonceAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

    private readonly EdgeDatabase _database;
    private readonly string _accountId;
    private readonly TimeProvider _time;
    private readonly Lock _changing = new();
    private ImmutableDictionary<string, AccessSessionRecord> _sessions;
    private ImmutableDictionary<Guid, int> _revocations;

    internal AccessSessions(EdgeDatabase database, string accountId, TimeProvider time)
    {
        (_database, _accountId, _time) = (database, accountId, time);
        (_sessions, _revocations) = database.Read(AccessSessionRows.Load);
    }

    /// <summary>Something was revoked: what is open under it has to be closed.</summary>
    public event Action? Revoked;

    /// <summary>The sessions of a person that are not over, the latest first.</summary>
    public IReadOnlyList<AccessSessionRecord> List(Guid? userId = null)
    {
        var now = _time.GetUtcNow();
        return [.. _sessions.Values.Where(s => (userId is null || s.UserId == userId) && now < s.EndsAt)
            .OrderByDescending(s => s.IssuedAt).ThenBy(s => s.Nonce, StringComparer.Ordinal)];
    }

    /// <summary>A session that is not over, or null.</summary>
    public AccessSessionRecord? Find(string nonce)
    {
        ArgumentNullException.ThrowIfNull(nonce);
        return _sessions.TryGetValue(nonce, out var session) && _time.GetUtcNow() < session.EndsAt ? session : null;
    }

    /// <summary>The session behind an application's token; null when it is over, revoked or of another application.</summary>
    /// <param name="nonce">The token's <c>identity_nonce</c>.</param>
    /// <param name="id">The token's <c>sid</c>.</param>
    /// <param name="applicationId">The application that it is shown to.</param>
    public AccessSessionRecord? Find(string nonce, string id, Guid applicationId)
    {
        var now = _time.GetUtcNow();
        return Find(nonce) is { } session && session.Applications.Any(
            a => a.Id == id && a.ApplicationId == applicationId && now < a.ExpiresAt) ? session : null;
    }

    /// <summary>Makes a session of a sign-in, and the person's entry where there is none.</summary>
    /// <param name="signIn">The sign-in.</param>
    /// <param name="identity">The JSON object that the API shows as the last seen identity.</param>
    public AccessSessionRecord Start(AccessSignIn signIn, Func<AccessSessionRecord, string> identity)
    {
        ArgumentNullException.ThrowIfNull(signIn);
        ArgumentNullException.ThrowIfNull(identity);
        var now = _time.GetUtcNow();
        lock (_changing)
        {
            var over = _sessions.Values.Where(s => s.EndsAt <= now).Select(s => s.Nonce).ToArray();
            var session = _database.WriteApart(c =>
            {
                var email = AccessUserTable.Normalize(signIn.Email);
                var user = AccessUserTable.Find(c, email)
                    ?? AccessUserTable.Insert(c, _accountId, email, signIn.Name, now);
                var fresh = new AccessSessionRecord
                {
                    Nonce = RandomNumberGenerator.GetString(NonceAlphabet, 16),
                    UserId = user.Id,
                    Email = email,
                    ProviderId = signIn.ProviderId,
                    ProviderType = signIn.ProviderType,
                    Claims = signIn.Claims,
                    Address = signIn.Address,
                    UserAgent = signIn.UserAgent.Length > MaxUserAgentLength
                        ? signIn.UserAgent[..MaxUserAgentLength] : signIn.UserAgent,
                    IssuedAt = now,
                    ExpiresAt = now + signIn.Duration,
                };
                AccessSessionRows.Insert(c, fresh, identity(fresh), signIn.Name);
                over = [.. over, .. Oldest(user.Id)];
                AccessSessionRows.Delete(c, over);
                return fresh;
            });
            _sessions = _sessions.RemoveRange(over).Add(session.Nonce, session);
            return session;
        }
    }

    /// <summary>
    /// Opens an application to a session, or opens it for longer; null when the session was revoked meanwhile. The
    /// <see cref="AccessApplicationSession.Id"/> stays the same until it is revoked.
    /// </summary>
    public AccessApplicationSession? Open(string nonce, Guid applicationId, string hostname, TimeSpan duration)
    {
        var now = _time.GetUtcNow();
        lock (_changing)
        {
            if (!_sessions.TryGetValue(nonce, out var session) || now >= session.ExpiresAt)
            {
                return null;
            }

            var known = session.Applications.FirstOrDefault(a => a.ApplicationId == applicationId);
            var expires = now + duration;
            var opened = known is not null && now < known.ExpiresAt
                ? known with { ExpiresAt = expires > known.ExpiresAt ? expires : known.ExpiresAt }
                : new AccessApplicationSession(
                    RandomNumberGenerator.GetString(NonceAlphabet, 16), applicationId, hostname, now, expires);
            _database.WriteApart(c => AccessSessionRows.Put(c, nonce, opened));
            _sessions = _sessions.SetItem(nonce, session with
            {
                Applications = [.. session.Applications.Where(a => a.ApplicationId != applicationId), opened],
            });
            return opened;
        }
    }

    /// <summary>Remembers what a person enters an application for; null when the session was revoked meanwhile.</summary>
    public AccessSessionRecord? Tell(string nonce, AccessPurpose purpose)
    {
        ArgumentNullException.ThrowIfNull(purpose);
        lock (_changing)
        {
            if (!_sessions.TryGetValue(nonce, out var session))
            {
                return null;
            }

            _database.WriteApart(c => AccessSessionRows.Put(c, nonce, purpose));
            session = session with
            {
                Purposes = [.. session.Purposes.Where(p => p.ApplicationId != purpose.ApplicationId || p.PolicyId != purpose.PolicyId), purpose],
            };
            _sessions = _sessions.SetItem(nonce, session);
            return session;
        }
    }

    /// <summary>
    /// What a machine's tokens for an application stand for, in place of a session: it changes when the service token is
    /// rotated and when the application is revoked.
    /// </summary>
    /// <param name="token">The service token.</param>
    /// <param name="clientSecret">The secret that it was shown with, which it accepts.</param>
    /// <param name="applicationId">The application.</param>
    public string NonceOf(ServiceTokenRecord token, string clientSecret, Guid applicationId)
    {
        ArgumentNullException.ThrowIfNull(token);
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(clientSecret));
        return NonceOf(CryptographicOperations.FixedTimeEquals(hash, token.SecretHash)
            ? token.SecretHash : token.PreviousSecretHash ?? token.SecretHash, applicationId);
    }

    /// <summary>Whether a nonce is that of the token's secret, or of the one before it within its grace.</summary>
    public bool IsNonceOf(ServiceTokenRecord token, Guid applicationId, string? nonce) => EndOf(token, applicationId, nonce) is not null;

    /// <summary>When a machine's nonce ends; null when it has, or is not that of the token's secrets.</summary>
    public DateTimeOffset? EndOf(ServiceTokenRecord token, Guid applicationId, string? nonce)
    {
        ArgumentNullException.ThrowIfNull(token);
        var now = _time.GetUtcNow();
        var end = token.ExpiresAt ?? DateTimeOffset.MaxValue;
        if (nonce is null || !token.Enabled || now >= end)
        {
            return null;
        }

        if (nonce == NonceOf(token.SecretHash, applicationId))
        {
            return end;
        }

        return token.PreviousSecretHash is { } previous && token.PreviousSecretExpiresAt is { } until && now < until
            && nonce == NonceOf(previous, applicationId) ? (until < end ? until : end) : null;
    }

    /// <inheritdoc/>
    public int RevokeUser(string email)
    {
        ArgumentNullException.ThrowIfNull(email);
        var address = AccessUserTable.Normalize(email);
        return Revoke(s => s.Email == address);
    }

    /// <inheritdoc/>
    public int RevokeUser(Guid userId) => Revoke(s => s.UserId == userId);

    /// <inheritdoc/>
    public bool RevokeSession(string nonce)
    {
        ArgumentNullException.ThrowIfNull(nonce);
        return Revoke(s => s.Nonce == nonce) > 0;
    }

    /// <inheritdoc/>
    public int RevokeApplication(Guid applicationId)
    {
        int ended;
        lock (_changing)
        {
            _database.WriteApart(c => AccessSessionRows.RevokeApplication(c, applicationId));
            var changed = _sessions.Values.Where(s => s.Applications.Any(a => a.ApplicationId == applicationId)).ToArray();
            _sessions = _sessions.SetItems(changed.Select(s => KeyValuePair.Create(s.Nonce, s with
            {
                Applications = [.. s.Applications.Where(a => a.ApplicationId != applicationId)],
            })));
            _revocations = _revocations.SetItem(applicationId, _revocations.GetValueOrDefault(applicationId) + 1);
            ended = changed.Length;
        }

        Revoked?.Invoke();
        return ended;
    }

    private int Revoke(Func<AccessSessionRecord, bool> which)
    {
        string[] ended;
        lock (_changing)
        {
            ended = [.. _sessions.Values.Where(which).Select(s => s.Nonce)];
            if (ended.Length == 0)
            {
                return 0;
            }

            // On the disk first: what was answered as revoked must not come back with a restart.
            _database.WriteApart(c => AccessSessionRows.Delete(c, ended));
            _sessions = _sessions.RemoveRange(ended);
        }

        Revoked?.Invoke();
        return ended.Length;
    }

    private IEnumerable<string> Oldest(Guid userId) => _sessions.Values.Where(s => s.UserId == userId)
        .OrderByDescending(s => s.IssuedAt).Skip(MaxPerUser - 1).Select(s => s.Nonce);

    private string NonceOf(byte[] secretHash, Guid applicationId)
    {
        var about = Encoding.UTF8.GetBytes($"{applicationId:D} {_revocations.GetValueOrDefault(applicationId)}");
        return Convert.ToHexStringLower(HMACSHA256.HashData(secretHash, about).AsSpan(0, 8));
    }
}
