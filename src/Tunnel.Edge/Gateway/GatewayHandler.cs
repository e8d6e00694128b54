using System.Net;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Extensions;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;
using Tunnel.Edge.Identity;
using Tunnel.Edge.Identity.SignIn;
using Tunnel.Edge.Store;
using Tunnel.Edge.Tunnels;
using Tunnel.Protocol.Streams;

namespace Tunnel.Edge.Gateway;

/// <summary>Serves the public hostnames: asks Access, picks a connector, carries the bytes.</summary>
internal sealed class GatewayHandler(
    EdgeStore store, TunnelConnections connections, AccessGate access, ApplicationTokens tokens, TokenBinding binding,
    AccessEndpoints accessEndpoints, LoginRedirect login, OpenStreams streams, TimeProvider time, ILogger<GatewayHandler> log)
{
    private const string MetadataRequestHeader = "Cf-Access-Metadata-Request";
    private const string MetadataHeader = "Cf-Access-Metadata";

    /// <summary>Cloudflare's status for "the hostname is known, its tunnel is not up" (error 1033).</summary>
    private const int TunnelDown = 530;

    /// <summary>Longer than a connector's own limit (30 s) for reaching the service.</summary>
    private static readonly TimeSpan s_answerTimeout = TimeSpan.FromSeconds(40);

    /// <summary>For what a visitor sent before it left, towards a service that is slow.</summary>
    private static readonly TimeSpan s_lastBytesTimeout = TimeSpan.FromSeconds(30);

    public async Task ServeAsync(HttpContext context)
    {
        try
        {
            await RouteAsync(context).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!context.RequestAborted.IsCancellationRequested && !context.Response.HasStarted)
        {
            await RefusalResponse.WriteAsync(context, StatusCodes.Status504GatewayTimeout,
                "The connector did not answer in time. Is the service behind it reachable?").ConfigureAwait(false);
        }
        catch (Exception error) when (error is IOException or OperationCanceledException or HttpRequestException or TimeoutException)
        {
            // One side is gone: whatever was under way cannot be carried on.
            log.LogDebug("A stream of {Host} was cut off: {Reason}", context.Request.Host, error.Message);
            context.Abort();
        }
    }

    private async Task RouteAsync(HttpContext context)
    {
        var hostname = Hostname(context.Request);
        var rayId = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8));
        context.Response.Headers["Cf-Ray"] = rayId;
        var address = context.Connection.RemoteIpAddress is { IsIPv4MappedToIPv6: true } mapped
            ? mapped.MapToIPv4() : context.Connection.RemoteIpAddress ?? IPAddress.None;
        var serverName = context.Features.Get<ITlsHandshakeFeature>()?.HostName?.TrimEnd('.');
        if (hostname is null || (!string.IsNullOrEmpty(serverName)
            && !string.Equals(serverName, hostname, StringComparison.OrdinalIgnoreCase)))
        {
            access.Log.Unmatched(hostname, address, rayId, isAllowed: false, "The host is not the one of the TLS connection, or no name.");
            await RefusalResponse.WriteAsync(context, StatusCodes.Status421MisdirectedRequest,
                "The Host header is not the name that the TLS connection was made for.").ConfigureAwait(false);
            return;
        }

        var snapshot = store.Snapshot;
        // "OPTIONS *" and CONNECT have no path, and other protocols than WebSocket none that a connector knows. TRACE would
        // show a script the headers that it may not see (RFC 9110, section 9.3.8).
        var method = context.Request.Method;
        if (HttpMethods.IsTrace(method) || (HttpMethods.IsConnect(method) && !IsWebSocket(context))
            || context.Request.Path.Value is not ['/', ..] requested || CanonicalPath.Of(requested) is not { } path
            || !ApplicationMatcher.CoversAllReadings(snapshot.Applications, hostname, requested))
        {
            access.Log.Unmatched(hostname, address, rayId, isAllowed: false, "The request's method or path can be read in two ways, or not at all.");
            await RefusalResponse.WriteAsync(context, StatusCodes.Status400BadRequest, "This form of request cannot be served.").ConfigureAwait(false);
            return;
        }

        if (context.Request.Path.StartsWithSegments(AccessEndpoints.BasePath, StringComparison.OrdinalIgnoreCase, out var rest))
        {
            await accessEndpoints.ServeAsync(new AccessRequest(context, hostname, address, rayId, snapshot), rest).ConfigureAwait(false);
            return;
        }

        if (HttpMethods.IsHead(context.Request.Method) && context.Request.Headers[MetadataRequestHeader] == "true"
            && ApplicationMatcher.Find(snapshot.Applications, hostname, path) is { } asked)
        {
            context.Response.Headers[MetadataHeader] = tokens.IssueMetadata(
                asked, snapshot.Organization, hostname, ApplicationMatcher.HostOf(asked, hostname) ?? hostname);
            context.Response.Headers.CacheControl = "no-store";
            return;
        }

        switch (await access.DecideAsync(context.Request, hostname, path, address, rayId, snapshot).ConfigureAwait(false))
        {
            case AccessOutcome.SignIn { Application: var application, Certificate: var certificate }:
                context.Response.Headers.Location = login.Begin(
                    context, hostname, application, snapshot.Organization, certificate: certificate);
                await RefusalResponse.WriteAsync(context, StatusCodes.Status302Found, "Sign in to go on.").ConfigureAwait(false);
                break;
            case AccessOutcome.Refused refused:
                await RefusalResponse.WriteAsync(context, refused, snapshot.Organization).ConfigureAwait(false);
                break;
            case var outcome when snapshot.FindRoute(hostname) is { } route && snapshot.Tunnels.ContainsKey(route.TunnelId):
                using (streams.Register(outcome, present => ApplicationMatcher.CoversAllReadings(present.Applications, hostname, requested)
                    && access.Allows(outcome, hostname, path, present), () =>
                {
                    access.Log.Ended(outcome, hostname, address, rayId);
                    context.Abort();
                }))
                {
                    await ForwardAsync(context, hostname, address, rayId, route, outcome as AccessOutcome.Granted, snapshot).ConfigureAwait(false);
                }

                break;
            default:
                await RefusalResponse.WriteAsync(context, StatusCodes.Status404NotFound, $"{hostname} is not served here.").ConfigureAwait(false);
                break;
        }
    }

    private async Task ForwardAsync(
        HttpContext context, string hostname, IPAddress address, string rayId, TunnelRoute route, AccessOutcome.Granted? granted,
        GatewaySnapshot snapshot)
    {
        // A machine is given a token of its own; a person has one.
        var assertion = granted?.Identity is { } identity
            ? identity.Token ?? tokens.IssueForMachine(
                granted.Application, snapshot.Organization, identity, access.CountryOf(address), granted.SessionDuration)
            : null;
        var kind = IsWebSocket(context) ? StreamKind.WebSocket : StreamKind.Http;
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted);
        if (kind == StreamKind.WebSocket || !HasBody(context))
        {
            limit.CancelAfter(s_answerTimeout); // else when the body has been sent
        }

        using var stream = await OpenAsync(context, hostname, address, route, kind, rayId, granted, assertion, limit).ConfigureAwait(false);
        if (stream is null)
        {
            await RefusalResponse.WriteAsync(context, TunnelDown, $"The tunnel of {hostname} is not connected (error 1033). " +
                "Start it on the server, and look at its state with Get-SshTunnel.").ConfigureAwait(false);
            return;
        }

        var response = context.Response;
        if (granted is { SetsCookie: true } && assertion is not null)
        {
            var application = granted.Application;
            AccessCookies.WriteToken(
                response, assertion, time.GetUtcNow() + granted.SessionDuration, application,
                CookiePath.Of(application, hostname, context.Request.GetEncodedPathAndQuery().Split('?')[0]),
                application.Settings.TokenIsBoundToBrowser ? binding.Of(assertion) : null);
        }

        CopyHeaders(stream.Response, response);
        if (kind == StreamKind.WebSocket && stream.Response.StatusCode == HttpStatusCode.OK)
        {
            await RelayAsync(context, stream).ConfigureAwait(false);
            return;
        }

        response.StatusCode = (int)stream.Response.StatusCode;
        var body = await stream.GetInputAsync(context.RequestAborted).ConfigureAwait(false);
        await StreamPump.CopyAsync(body, response.Body, context.RequestAborted).ConfigureAwait(false);
    }

    /// <summary>Tries the tunnel's connections in turn; null when none could take the stream.</summary>
    private async Task<ConnectorStream?> OpenAsync(
        HttpContext context, string hostname, IPAddress address, TunnelRoute route, StreamKind kind, string rayId,
        AccessOutcome.Granted? granted, string? assertion, CancellationTokenSource limit)
    {
        var pathAndQuery = context.Request.GetEncodedPathAndQuery();
        var secretHeader = ShownServiceToken.SecretHeader(context.Request, granted?.Application);
        foreach (var connection in connections.Candidates(route.TunnelId))
        {
            // A WebSocket's bytes flow only after the answer, so a stream that was not answered can be opened again
            // elsewhere. A request's body cannot: it may be half read.
            HttpContent? content = kind == StreamKind.WebSocket ? new HandedOutContent()
                : HasBody(context) ? new VisitorBodyContent(context.Request.Body, () => limit.CancelAfter(s_answerTimeout)) : null;
            try
            {
                var request = ForwardedRequest.Create(
                    context, kind, content, rayId, address, access.CountryOf(address), granted?.Identity, assertion, secretHeader);
                return await connection.OpenAsync(request, hostname, pathAndQuery, limit.Token).ConfigureAwait(false);
            }
            catch (ConnectorUnavailableException error)
            {
                log.LogInformation("{Reason}", error.Message);
                if (kind != StreamKind.WebSocket && !IsRepeatable(context.Request.Method, content))
                {
                    return null;
                }
            }
        }

        return null;
    }

    /// <summary>Carries the bytes after the upgrade untouched: the WebSocket is between the visitor and the connector.</summary>
    private static async Task RelayAsync(HttpContext context, ConnectorStream stream)
    {
        var visitor = await AcceptAsync(context).ConfigureAwait(false);
        // Not bound to RequestAborted: that fires with a visitor's FIN, behind which its last bytes still wait.
        using var ended = new CancellationTokenSource();
        var output = await stream.Output.WaitAsync(context.RequestAborted).ConfigureAwait(false);
        var input = await stream.GetInputAsync(context.RequestAborted).ConfigureAwait(false);
        var up = StreamPump.CopyAsync(visitor, output, ended.Token);
        var down = StreamPump.CopyAsync(input, visitor, ended.Token);
        try
        {
            if (await Task.WhenAny(up, down).ConfigureAwait(false) == up)
            {
                // The visitor has sent everything; what the connector still has for it goes out.
                await up.ConfigureAwait(false);
                stream.CompleteOutput();
            }
            else if (!down.IsCompletedSuccessfully)
            {
                // The visitor takes no more; what it sent before it left still goes to the service.
                await up.WaitAsync(s_lastBytesTimeout).ConfigureAwait(false);
                stream.CompleteOutput();
            }

            // The connector speaks last: its end is the stream's end.
            await down.ConfigureAwait(false);
        }
        finally
        {
            await ended.CancelAsync().ConfigureAwait(false);
            await Task.WhenAll(up, down).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            stream.CompleteOutput();
        }
    }

    private static async Task<Stream> AcceptAsync(HttpContext context)
    {
        if (context.Features.Get<IHttpExtendedConnectFeature>() is { IsExtendedConnect: true } extended)
        {
            context.Response.Headers.Remove("Sec-WebSocket-Accept"); // HTTP/2 has none (RFC 8441, section 5.1)
            return await extended.AcceptAsync().ConfigureAwait(false);
        }

        context.Response.Headers.Upgrade = "websocket";
        return await context.Features.GetRequiredFeature<IHttpUpgradeFeature>().UpgradeAsync().ConfigureAwait(false);
    }

    private static void CopyHeaders(HttpResponseMessage source, HttpResponse response)
    {
        if (source.Headers.TryGetValues(StreamHeaders.ResponseHeaders, out var serialized))
        {
            foreach (var (name, value) in SerializedHeaders.Decode(string.Concat(serialized)))
            {
                if (!SerializedHeaders.IsControlHeader(name) && !IsEdgesOwn(name))
                {
                    response.Headers.Append(name, value);
                }
            }
        }

        if (source.Content.Headers.ContentLength is { } length)
        {
            response.ContentLength = length;
        }
    }

    /// <summary>Kestrel writes these; the upgrade's key is the exception, because the connector computed it.</summary>
    private static bool IsEdgesOwn(string name) =>
        name.Equals("Connection", StringComparison.OrdinalIgnoreCase)
        || name.Equals("Upgrade", StringComparison.OrdinalIgnoreCase)
        || name.Equals("Transfer-Encoding", StringComparison.OrdinalIgnoreCase)
        || name.Equals("Content-Length", StringComparison.OrdinalIgnoreCase);

    private static bool HasBody(HttpContext context) =>
        context.Features.Get<IHttpRequestBodyDetectionFeature>()?.CanHaveBody == true;

    /// <summary>RFC 9110, section 9.2.2: what may have been done already is not asked for twice.</summary>
    private static bool IsRepeatable(string method, HttpContent? content) =>
        content is null && (HttpMethods.IsGet(method) || HttpMethods.IsHead(method) || HttpMethods.IsOptions(method));

    private static bool IsWebSocket(HttpContext context) =>
        context.Features.Get<IHttpExtendedConnectFeature>() is { IsExtendedConnect: true, Protocol: "websocket" }
        || (context.Features.Get<IHttpUpgradeFeature>() is { IsUpgradableRequest: true }
            && HttpMethods.IsGet(context.Request.Method)
            && context.Request.Headers.Upgrade.ToString().Equals("websocket", StringComparison.OrdinalIgnoreCase));

    /// <returns>The name in lower case without port and trailing dot; null when it is not one.</returns>
    private static string? Hostname(HttpRequest request)
    {
        var host = request.Host.Host.TrimEnd('.').ToLowerInvariant();
        return Uri.CheckHostName(host) is UriHostNameType.Unknown ? null : host;
    }
}
