using System.Security.Cryptography;
using Microsoft.AspNetCore.Http;

namespace Tunnel.Edge.Login;

/// <summary>The people who are signed in to answer a login: few, in memory, for minutes.</summary>
internal sealed class LoginSessions(TimeProvider time)
{
    public const string CookieName = "__Host-tunnel-login";

    public static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(10);

    private const int MaxSessions = 64;

    private readonly Lock _lock = new();
    private readonly Dictionary<string, LoginSession> _sessions = new(StringComparer.Ordinal);

    /// <summary>Begins a session and gives the browser its cookie.</summary>
    public void Begin(HttpContext context, LoginRequest request, string tokenId)
    {
        var now = time.GetUtcNow();
        var session = new LoginSession(RandomNumberGenerator.GetHexString(64, lowercase: true), request, tokenId, now + Lifetime);
        lock (_lock)
        {
            foreach (var ended in _sessions.Values.Where(s => s.Until <= now).ToArray())
            {
                _sessions.Remove(ended.Id);
            }

            // Only who has an API token gets here: whoever begins this many gives up the first.
            if (_sessions.Count >= MaxSessions)
            {
                _sessions.Remove(_sessions.Values.MinBy(s => s.Until)!.Id);
            }

            _sessions.Add(session.Id, session);
        }

        context.Response.Cookies.Append(CookieName, session.Id, new CookieOptions
        {
            Secure = true, HttpOnly = true, SameSite = SameSiteMode.Strict, Path = "/", MaxAge = Lifetime, IsEssential = true,
        });
    }

    /// <summary>The session of the request's cookie; null when there is none, or no longer.</summary>
    public LoginSession? Find(HttpContext context)
    {
        if (context.Request.Cookies[CookieName] is not { Length: 64 } id)
        {
            return null;
        }

        lock (_lock)
        {
            return _sessions.TryGetValue(id, out var session) && session.Until > time.GetUtcNow() ? session : null;
        }
    }

    /// <summary>Notes the answer. Only the first one counts: false for every other.</summary>
    public bool TryAnswer(LoginSession session, LoginAnswer answer)
    {
        lock (_lock)
        {
            if (!_sessions.TryGetValue(session.Id, out var present) || present.Answer is not null)
            {
                return false;
            }

            _sessions[session.Id] = present with { Answer = answer };
            return true;
        }
    }

    public void End(LoginSession session)
    {
        lock (_lock)
        {
            _sessions.Remove(session.Id);
        }
    }
}
