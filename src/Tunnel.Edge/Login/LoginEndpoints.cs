using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;
using Tunnel.Edge.Api.Http;
using Tunnel.Edge.Api.Permissions;
using Tunnel.Edge.Pages;
using Tunnel.Edge.Store;
using Tunnel.Edge.Transfers;

namespace Tunnel.Edge.Login;

/// <summary>
/// What <c>dash.cloudflare.com/argotunnel</c> is to cloudflared's login: an administrator signs in with an API token and
/// picks a zone, and the program that waits is given a certificate for it.
/// </summary>
internal sealed partial class LoginEndpoints
{
    private readonly EdgeStore _store;
    private readonly TransferStore _transfers;
    private readonly ApiHostGuard _hosts;
    private readonly ILogger _logger;
    private readonly LoginAuthority _authority;
    private readonly OriginCertificates _certificates;
    private readonly LoginSessions _sessions;
    private readonly SignInLimit _limit;
    private readonly FormGuard _guard = new("tunnel-login-form");

    private LoginEndpoints(
        EdgeStore store, TransferStore transfers, IReadOnlyList<string> allowedHosts, TimeProvider time, ILogger logger)
    {
        _store = store;
        _transfers = transfers;
        _hosts = new ApiHostGuard(allowedHosts);
        _logger = logger;
        _authority = new LoginAuthority(store, time);
        _certificates = new OriginCertificates(store, time);
        _sessions = new LoginSessions(time);
        _limit = new SignInLimit(time);
    }

    /// <param name="allowedHosts">The names under which the pages may be asked for.</param>
    public static void Map(
        IEndpointRouteBuilder endpoints, EdgeStore store, TransferStore transfers, IReadOnlyList<string> allowedHosts,
        TimeProvider time, ILoggerFactory loggers)
    {
        var login = new LoginEndpoints(store, transfers, allowedHosts, time, loggers.CreateLogger<LoginEndpoints>());
        endpoints.MapGet(LoginPages.Path, login.Guarded(login.ShowSignInAsync));
        endpoints.MapPost(LoginPages.Path, login.Guarded(login.SignInAsync));
        endpoints.MapGet(LoginPages.ZonePath, login.Guarded(login.ShowZonesAsync));
        endpoints.MapPost(LoginPages.ZonePath, login.Guarded(login.AnswerAsync));
        endpoints.MapGet(LoginPages.DonePath, login.Guarded(login.ShowDoneAsync));
        endpoints.MapPost(LoginPages.CertificatePath, login.Guarded(login.DownloadAsync));
    }

    /// <summary>A page whose name was made to point here (DNS rebinding) is none of ours.</summary>
    private RequestDelegate Guarded(RequestDelegate handle) => context =>
    {
        if (_hosts.Allows(context.Request.Host))
        {
            return handle(context);
        }

        context.Response.StatusCode = StatusCodes.Status421MisdirectedRequest;
        return Task.CompletedTask;
    };

    private Task ShowSignInAsync(HttpContext context) =>
        LoginRequest.TryParse(context.Request.Query[LoginRequest.Parameter], context.Request, _hosts, out var request)
            ? SignInPageAsync(context, request)
            : PageResponse.WriteAsync(context, LoginPages.NotOurs());

    private async Task SignInAsync(HttpContext context)
    {
        if (await ReadFormAsync(context).ConfigureAwait(false) is not { } form)
        {
            return;
        }

        if (!LoginRequest.TryParse(form[LoginRequest.Parameter], context.Request, _hosts, out var request))
        {
            await PageResponse.WriteAsync(context, LoginPages.NotOurs()).ConfigureAwait(false);
            return;
        }

        var address = context.Connection.RemoteIpAddress;
        if (_limit.IsReached(address))
        {
            context.Response.Headers.RetryAfter =
                ((int)SignInLimit.Window.TotalSeconds).ToString(CultureInfo.InvariantCulture);
            await SignInPageAsync(context, request, "Too many tries. Wait a minute, then try again.",
                StatusCodes.Status429TooManyRequests).ConfigureAwait(false);
            return;
        }

        var value = form[LoginPages.TokenField]?.Trim();
        if (string.IsNullOrEmpty(value))
        {
            await SignInPageAsync(context, request, "Enter an API token.", StatusCodes.Status422UnprocessableEntity)
                .ConfigureAwait(false);
        }
        else if (_authority.Find(value, address) is not { } caller)
        {
            _limit.Count(address);
            SignInRefused(_logger, address);
            await SignInPageAsync(context, request, "This API token is not valid here. Check that it is whole, and of this edge.",
                StatusCodes.Status403Forbidden).ConfigureAwait(false);
        }
        else if (!LoginAuthority.MayAuthorize(caller))
        {
            await SignInPageAsync(context, request,
                "This API token cannot give to a program what it may not do itself. It needs the permissions API Tokens, Cloudflare Tunnel and DNS (write).",
                StatusCodes.Status403Forbidden).ConfigureAwait(false);
        }
        else
        {
            _sessions.Begin(context, request, caller.Token.Id);
            PageResponse.Redirect(context, PageAddress.Local(LoginPages.ZonePath));
        }
    }

    private Task ShowZonesAsync(HttpContext context) => Signed(context) switch
    {
        null => PageResponse.WriteAsync(context, LoginPages.Expired()),
        (_, { Answer: not null }) => ToDoneAsync(context),
        var (caller, session) => ZonesPageAsync(context, caller, session),
    };

    private async Task AnswerAsync(HttpContext context)
    {
        if (await ReadFormAsync(context).ConfigureAwait(false) is not { } form)
        {
            return;
        }

        if (Signed(context) is not var (caller, session))
        {
            await PageResponse.WriteAsync(context, LoginPages.Expired()).ConfigureAwait(false);
            return;
        }

        var zone = _authority.ZonesOf(caller).FirstOrDefault(z => z.Id == form[LoginPages.ZoneField]);
        if (form[LoginPages.ActionField] == LoginPages.Cancel)
        {
            Refuse(session);
            await ToDoneAsync(context).ConfigureAwait(false);
        }
        else if (zone is null)
        {
            await ZonesPageAsync(context, caller, session, "Choose one of the zones.").ConfigureAwait(false);
        }
        else if (Authorize(session, zone, context))
        {
            await ToDoneAsync(context).ConfigureAwait(false);
        }
        else
        {
            await PageResponse.WriteAsync(context, LoginPages.Full()).ConfigureAwait(false);
        }
    }

    private Task ShowDoneAsync(HttpContext context) => _sessions.Find(context) switch
    {
        { Answer.Zone: { } zone } session => PageResponse.WriteAsync(context, LoginPages.Done(
            session.Request, _store.Account.Name, zone,
            session.Request.Slot.IsSealed ? null : !_transfers.Contains(session.Request.Slot), _guard.Issue(context))),
        { Answer: not null } => PageResponse.WriteAsync(context, LoginPages.Cancelled()),
        _ => PageResponse.WriteAsync(context, LoginPages.Expired()),
    };

    /// <summary>For a program that could not fetch it: as Cloudflare's page does, the browser saves it.</summary>
    private async Task DownloadAsync(HttpContext context)
    {
        if (await ReadFormAsync(context).ConfigureAwait(false) is null)
        {
            return;
        }

        if (_sessions.Find(context) is not { Answer.Zone: not null, Request.Slot: { IsSealed: false } slot } session
            || _transfers.TryTake(slot) is not { Status: TransferStatus.Ready } answer)
        {
            await PageResponse.WriteAsync(context, LoginPages.Expired()).ConfigureAwait(false);
            return;
        }

        _sessions.End(session);
        PageResponse.Protect(context.Response, []);
        context.Response.ContentType = "application/x-pem-file";
        context.Response.Headers.ContentDisposition = "attachment; filename=\"cert.pem\"";
        await context.Response.WriteAsync(answer.Content, context.RequestAborted).ConfigureAwait(false);
    }

    private bool Authorize(LoginSession session, ZoneRecord zone, HttpContext context)
    {
        // The answer first: two forms sent at once must not make two certificates.
        if (!_sessions.TryAnswer(session, new LoginAnswer(zone.Name)))
        {
            return true;
        }

        var slot = session.Request.Slot;
        var certificate = _certificates.Issue(zone, slot.Key.Fingerprint);
        try
        {
            if (_transfers.TryPut(slot, certificate.Pem))
            {
                CertificateIssued(_logger, zone.Name, slot.Key.Fingerprint, session.TokenId, context.Connection.RemoteIpAddress);
                return true;
            }
        }
        catch (Protocol.Transfers.TransferFormatException)
        {
            // A key that nothing can be encrypted to: nobody waits for it in earnest.
        }

        _certificates.Revoke(certificate);
        _sessions.End(session);
        return false;
    }

    private void Refuse(LoginSession session)
    {
        if (_sessions.TryAnswer(session, new LoginAnswer(null)))
        {
            _transfers.TryCancel(session.Request.Slot);
        }
    }

    /// <summary>Who is signed in, as long as their API token is good for it.</summary>
    private (ApiCaller Caller, LoginSession Session)? Signed(HttpContext context) =>
        _sessions.Find(context) is { } session
            && _authority.Get(session.TokenId, context.Connection.RemoteIpAddress) is { } caller
            && LoginAuthority.MayAuthorize(caller)
                ? (caller, session)
                : null;

    private async Task<FormBody?> ReadFormAsync(HttpContext context)
    {
        if (await FormBody.ReadAsync(context).ConfigureAwait(false) is { } form && _guard.Accepts(context, form))
        {
            return form;
        }

        await PageResponse.WriteAsync(context, LoginPages.Expired()).ConfigureAwait(false);
        return null;
    }

    private Task SignInPageAsync(HttpContext context, LoginRequest request, string? error = null, int statusCode = 200) =>
        PageResponse.WriteAsync(context, LoginPages.SignIn(
            request, _transfers.WaitingFrom(request.Slot), _guard.Issue(context), error, statusCode));

    private Task ZonesPageAsync(HttpContext context, ApiCaller caller, LoginSession session, string? error = null) =>
        PageResponse.WriteAsync(context, LoginPages.ChooseZone(
            session.Request, _transfers.WaitingFrom(session.Request.Slot), _store.Account.Name,
            ZoneChoice.Of(_authority.ZonesOf(caller), context.Request.Query[ZoneChoice.Parameter]), _guard.Issue(context), error));

    private static Task ToDoneAsync(HttpContext context)
    {
        PageResponse.Redirect(context, PageAddress.Local(LoginPages.DonePath));
        return Task.CompletedTask;
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Login: a wrong API token from {Address}")]
    private static partial void SignInRefused(ILogger logger, System.Net.IPAddress? address);

    [LoggerMessage(Level = LogLevel.Information, Message =
        "Login: a certificate for {Zone} was made for the key {Fingerprint} by the API token {TokenId} from {Address}")]
    private static partial void CertificateIssued(
        ILogger logger, string zone, string fingerprint, string tokenId, System.Net.IPAddress? address);
}
