using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Tunnel.Core.Connector.Access;
using Tunnel.Protocol.Configuration;
using Tunnel.Protocol.Streams;

namespace Tunnel.Core.Connector;

/// <summary>Takes the streams that the edge opens to the services that the ingress rules name.</summary>
internal sealed class OriginProxy(ConnectorOptions options) : IDisposable
{
    private readonly ILogger _log = options.LoggerFactory.CreateLogger<OriginProxy>();
    private readonly AccessVerifier _access = new(options);
    private readonly AccessFloor _floor = new(options.Configuration);
    private readonly Lock _gate = new();
    private volatile TunnelConfiguration _configuration = options.Configuration;
    private int _version = -1;

    /// <summary>The rules in force: the options', or what the edge has sent since.</summary>
    public TunnelConfiguration Configuration => _configuration;

    public void Dispose() => _access.Dispose();

    public Task ServeAsync(HttpContext context, StreamKind kind) => kind switch
    {
        StreamKind.WebSocket or StreamKind.Http => ProxyAsync(context, kind),
        StreamKind.Configuration => UpdateConfigurationAsync(context),
        // Private-network routing would make the connector a way to any address: nothing here asks for it.
        _ => RefuseAsync(context, StatusCodes.Status403Forbidden, "This connector carries published hostnames only."),
    };

    private async Task ProxyAsync(HttpContext context, StreamKind kind)
    {
        var host = context.Request.Host.Value ?? "";
        var path = context.Request.Path.Value ?? "/";
        IngressRule rule;
        IReadOnlyList<AccessRequirement> floor;
        try
        {
            rule = _configuration.Ingress.Match(host, path);
            floor = _floor.Of(host, path, rule);
        }
        catch (RegexMatchTimeoutException error)
        {
            // The next rule may be one that this path must not reach: fail closed.
            await RefuseAsync(context, StatusCodes.Status500InternalServerError, $"A path expression takes too long: {error.Pattern}")
                .ConfigureAwait(false);
            return;
        }

        var service = rule.Service;
        if (service.Kind != OriginServiceKind.HttpStatus
            && await CheckAccessAsync(context, rule.OriginRequest.Access, floor).ConfigureAwait(false) is (var denied, var reason))
        {
            await RefuseAsync(context, denied, reason).ConfigureAwait(false);
            return;
        }

        var refusal = service switch
        {
            { Kind: OriginServiceKind.HttpStatus } => (service.StatusCode, ""),
            { Kind: not (OriginServiceKind.Ssh or OriginServiceKind.Tcp or OriginServiceKind.Rdp or OriginServiceKind.Smb) } =>
                (StatusCodes.Status502BadGateway, $"{host} is mapped to {service}. This connector carries ssh:// and tcp:// services."),
            _ when kind != StreamKind.WebSocket => (StatusCodes.Status400BadRequest,
                $"{host} serves {service.Scheme}, not HTTP: one hostname serves one protocol. Connect with a client such as: " +
                $"tunnel-agent access ssh --hostname {host}"),
            _ => default,
        };
        if (refusal is (> 0 and var status, var message))
        {
            await RefuseAsync(context, status, message).ConfigureAwait(false);
            return;
        }

        await RelayAsync(context, rule).ConfigureAwait(false);
    }

    /// <returns>Null where the stream may go on.</returns>
    private async Task<(int Status, string Message)?> CheckAccessAsync(
        HttpContext context, AccessRequirement own, IReadOnlyList<AccessRequirement> floor)
    {
        if (own.Required && await _access.CheckAsync(context.Request, own, context.RequestAborted).ConfigureAwait(false) is { } refused)
        {
            return refused;
        }

        (int Status, string Message)? last = null;
        foreach (var requirement in floor)
        {
            last = own.Required && requirement == own ? null
                : await _access.CheckAsync(context.Request, requirement, context.RequestAborted).ConfigureAwait(false);
            if (last is null)
            {
                break;
            }
        }

        return last;
    }

    private async Task RelayAsync(HttpContext context, IngressRule rule)
    {
        TcpOrigin origin;
        try
        {
            origin = await TcpOrigin.ConnectAsync(rule, context.RequestAborted).ConfigureAwait(false);
        }
        catch (TcpOriginException error)
        {
            _log.LogWarning("{Message}", error.Message);
            await RefuseAsync(context, StatusCodes.Status502BadGateway, error.Message).ConfigureAwait(false);
            return;
        }

        using (origin)
        {
            var response = context.Response;
            response.Headers[StreamHeaders.ResponseHeaders] = SerializedHeaders.Encode(UpgradeHeaders(context.Request));
            response.Headers[StreamHeaders.ResponseMeta] = ResponseMeta.Origin;
            await response.StartAsync(context.RequestAborted).ConfigureAwait(false);
            await response.BodyWriter.FlushAsync(context.RequestAborted).ConfigureAwait(false);
            using var relay = new WebSocketRelay(context.Request.BodyReader, response.BodyWriter, origin, options.TimeProvider);
            await relay.RunAsync(context.RequestAborted).ConfigureAwait(false);
        }
    }

    /// <summary>Status 200 on the stream stands for 101; what the visitor is to see travels in these.</summary>
    private static IEnumerable<KeyValuePair<string, string>> UpgradeHeaders(HttpRequest request)
    {
        yield return new("Connection", "Upgrade");
        yield return new("Upgrade", "websocket");
        if (request.Headers.SecWebSocketKey is [{ Length: > 0 and < 128 } key])
        {
            yield return new("Sec-WebSocket-Accept", WebSocketAccept(key));
        }
    }

    /// <summary>RFC 6455, section 4.2.2, step 5.4.</summary>
    [SuppressMessage("Security", "CA5350", Justification = "RFC 6455 names SHA-1; it protects nothing.")]
    private static string WebSocketAccept(string key) => Convert.ToBase64String(
        SHA1.HashData(Encoding.ASCII.GetBytes(key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11")));

    /// <summary>A remotely managed tunnel gets its rules from the edge; older versions than the one in force are ignored.</summary>
    private async Task UpdateConfigurationAsync(HttpContext context)
    {
        string? error = null;
        try
        {
            var update = ConfigurationUpdate.Parse(await ReadAsync(context.Request, context.RequestAborted).ConfigureAwait(false));
            lock (_gate)
            {
                if (update.Version > _version)
                {
                    (_configuration, _version) = (update.Configuration, update.Version);
                    _log.LogInformation("The edge sent version {Version} of the configuration", update.Version);
                }
            }
        }
        catch (ConfigurationException refused)
        {
            error = refused.Message;
            _log.LogWarning("The edge sent a configuration that cannot be used: {Message}", error);
        }

        context.Response.ContentType = "application/json";
        await context.Response.Body.WriteAsync(new ConfigurationUpdateResult(_version, error).ToJson(), context.RequestAborted)
            .ConfigureAwait(false);
    }

    private static async Task<byte[]> ReadAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        using var body = new MemoryStream();
        var buffer = new byte[16 * 1024];
        int read;
        while ((read = await request.Body.ReadAsync(buffer, cancellationToken).ConfigureAwait(false)) > 0)
        {
            if (body.Length + read > TunnelConfiguration.MaxLength)
            {
                throw new ConfigurationException($"The configuration is longer than {TunnelConfiguration.MaxLength} bytes.");
            }

            body.Write(buffer, 0, read);
        }

        return body.ToArray();
    }

    private static async Task RefuseAsync(HttpContext context, int status, string message)
    {
        var body = message.Length == 0 ? [] : Encoding.UTF8.GetBytes(message + "\n");
        var response = context.Response;
        response.StatusCode = status;
        response.Headers[StreamHeaders.ResponseHeaders] =
            SerializedHeaders.Encode([new("Content-Type", "text/plain; charset=utf-8")]);
        response.Headers[StreamHeaders.ResponseMeta] = ResponseMeta.Connector;
        if (status is StatusCodes.Status204NoContent or StatusCodes.Status205ResetContent or StatusCodes.Status304NotModified)
        {
            return; // These have no body, and may not even say that it is empty (RFC 9110, section 8.6).
        }

        response.ContentLength = body.Length;
        await response.Body.WriteAsync(body, context.RequestAborted).ConfigureAwait(false);
    }
}
