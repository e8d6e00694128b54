using System.Buffers.Text;
using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Logging;
using Tunnel.Edge.Hosting;
using Tunnel.Edge.Pages;
using Tunnel.Edge.Store;

namespace Tunnel.Edge.Identity.SignIn;

/// <summary>Sign-in by a provider elsewhere: the authorization code flow with PKCE (RFC 7636), state and, in OpenID Connect, nonce.</summary>
internal sealed class OidcEndpoints(
    SignInEndpoints signIn, SignInFlow flow, SignInStates states, ProviderKinds kinds, OidcClient oidc, GitHubClient gitHub,
    TimeProvider time, ILogger<OidcEndpoints> log)
{
    /// <summary>Lax, unlike the PIN's: the provider sends the browser here from its own site.</summary>
    private const string TicketCookie = "__Host-CF_Oidc";

    private const int MaxPending = 10_000;
    private const int MaxPendingPerNetwork = 50;

    private static readonly TimeSpan s_lifetime = TimeSpan.FromMinutes(10);

    private readonly ConcurrentDictionary<string, Pending> _pending = new(StringComparer.Ordinal);

    /// <summary><c>GET /oidc/{provider}</c>: off to the provider.</summary>
    public async Task BeginAsync(AccessRequest request, string providerId)
    {
        if (states.Read(request.Http.Request.Query["state"].ToString()) is not { } state || request.ApplicationOf(state) is not { } application
            || Find(request, application, providerId) is not { } provider || !MakeRoom(VisitorNetwork.Of(request.Address)))
        {
            await PageResponse.WriteAsync(request.Http, SignInPages.StartAgain(request)).ConfigureAwait(false);
            return;
        }

        var pending = new Pending(state, provider.Record.Id, NewSecret(), NewSecret(), NewSecret(), time.GetUtcNow() + s_lifetime, VisitorNetwork.Of(request.Address));
        var ticket = NewSecret();
        _pending[ticket] = pending;
        request.Http.Response.Cookies.Append(TicketCookie, ticket, new CookieOptions
        {
            HttpOnly = true, Secure = true, Path = "/", SameSite = SameSiteMode.Lax, MaxAge = s_lifetime, IsEssential = true,
        });
        request.Http.Response.Headers.CacheControl = "no-store";
        request.Http.Response.Redirect(QueryHelpers.AddQueryString(provider.AuthorizationAddress.AbsoluteUri, new Dictionary<string, string?>(provider.Parameters)
        {
            ["response_type"] = "code",
            ["client_id"] = provider.ClientId,
            ["redirect_uri"] = RedirectAddress(request),
            ["scope"] = provider.Scope,
            ["state"] = pending.State,
            ["nonce"] = pending.Nonce,
            ["code_challenge"] = Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(pending.Verifier))),
            ["code_challenge_method"] = "S256",
        }));
    }

    /// <summary><c>GET /callback</c>: back from the provider, in the browser that went there.</summary>
    public async Task FinishAsync(AccessRequest request)
    {
        var query = request.Http.Request.Query;
        var ticket = AccessCookies.Read(request.Http.Request, TicketCookie);
        if (ticket is null || !_pending.TryRemove(ticket, out var pending) || time.GetUtcNow() >= pending.Until
            || query["state"].ToString() != pending.State || request.ApplicationOf(pending.For) is not { } application
            || Find(request, application, pending.ProviderId.ToString("D")) is not { } provider)
        {
            await PageResponse.WriteAsync(request.Http, SignInPages.StartAgain(request)).ConfigureAwait(false);
            return;
        }

        request.Http.Response.Cookies.Delete(TicketCookie, new CookieOptions { Secure = true, Path = "/" });
        try
        {
            // Before the code is shown to anybody: another provider's would tell this one how to be its person (mix-up, RFC
            // 9700, section 4.4).
            if (query["iss"] is { Count: > 0 } issuer && (issuer is not [{ } only] || !provider.CanBe(only)))
            {
                throw new OidcException("The answer is another provider's.");
            }

            var code = query["code"].ToString() is { Length: > 0 and <= 4096 } given
                ? given : throw new OidcException("The person, or the provider, said no.");
            var identity = await (provider.KeysAddress is null
                ? gitHub.RedeemAsync(provider, code, RedirectAddress(request), pending.Verifier, request.Http.RequestAborted)
                : oidc.RedeemAsync(provider, code, RedirectAddress(request), pending.Verifier, pending.Nonce, request.Http.RequestAborted))
                .ConfigureAwait(false);
            await signIn.FinishAsync(request, pending.For, application, new AccessSignIn
            {
                Email = identity.Email,
                Name = identity.Name,
                ProviderId = provider.Record.Id.ToString("D"),
                ProviderType = provider.Record.Type,
                Claims = identity.Claims,
                Address = request.Address.ToString(),
                UserAgent = request.Http.Request.Headers.UserAgent.ToString(),
                Duration = TimeSpan.Zero,
            }).ConfigureAwait(false);
        }
        catch (OidcException error)
        {
            log.LogWarning("A sign-in by {Provider} failed: {Reason}", provider.Record.Name, error.Message);
            flow.RecordRefusal(request, application, provider.Record, null, "The identity provider vouched for nobody.");
            await PageResponse.WriteAsync(request.Http, SignInPages.Message(request, StatusCodes.Status403Forbidden,
                "That did not work", $"{provider.Record.Name} did not sign you in. Go to the application's address again.")).ConfigureAwait(false);
        }
    }

    private OidcProvider? Find(AccessRequest request, AccessApplicationRecord application, string providerId) =>
        LoginMethods.Allows(application, request.Snapshot, providerId)
            ? kinds.Read(request.Snapshot.IdentityProviders.First(p => p.Id == Guid.Parse(providerId))) : null;

    private static string RedirectAddress(AccessRequest request) =>
        SignInState.AddressOf(request.Organization.AuthDomain, request.Http.Request.Host.Port) + AccessEndpoints.BasePath + "/callback";

    private static string NewSecret() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));

    // One network has room for a few, and a crowd pushes out the oldest, so that nobody closes the way for all.
    private bool MakeRoom(string network)
    {
        var now = time.GetUtcNow();
        foreach (var (ticket, old) in _pending.OrderBy(p => p.Value.Until).ToList())
        {
            if (old.Until <= now || _pending.Count >= MaxPending)
            {
                _pending.TryRemove(ticket, out _);
            }
        }

        return _pending.Values.Count(p => p.Network == network) < MaxPendingPerNetwork;
    }

    private sealed record Pending(
        SignInState For, Guid ProviderId, string State, string Nonce, string Verifier, DateTimeOffset Until, string Network);
}
