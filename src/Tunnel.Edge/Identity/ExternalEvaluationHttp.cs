using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Tunnel.Protocol.Trust;

namespace Tunnel.Edge.Identity;

/// <summary>
/// Talks to endpoints whose addresses are written in policies: over TLS only, to no redirect's target, within bounds of
/// size and time, and to no address that only this machine or its network card has.
/// </summary>
internal sealed class ExternalEvaluationHttp : IDisposable
{
    private const int MaxAnswer = 64 * 1024;

    private readonly HttpClient _http;
    private readonly bool _allowLoopback;

    public ExternalEvaluationHttp(ExternalEvaluationOptions options)
    {
        _allowLoopback = options.AllowLoopback;
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            UseProxy = false, // a proxy would reach what is kept from the edge here
            MaxConnectionsPerServer = 16,
            MaxResponseHeadersLength = 16,
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
            ConnectCallback = ConnectAsync,
        };
        if (options.Authorities is { } authorities)
        {
            handler.SslOptions.CertificateChainPolicy = PrivateAuthorities.TrustOnly(authorities);
        }

        _http = new HttpClient(handler) { MaxResponseContentBufferSize = MaxAnswer, Timeout = Timeout.InfiniteTimeSpan };
    }

    /// <exception cref="ExternalEvaluationException">No JSON came with status 200.</exception>
    public async Task<JsonDocument> FetchAsync(string address, HttpContent? question, CancellationToken cancellationToken)
    {
        if (!Uri.TryCreate(address, UriKind.Absolute, out var uri) || uri.Scheme != Uri.UriSchemeHttps)
        {
            throw new ExternalEvaluationException($"'{address}' is no https address");
        }

        using var request = new HttpRequestMessage(question is null ? HttpMethod.Get : HttpMethod.Post, uri) { Content = question };
        request.Headers.Accept.ParseAdd("application/json");
        try
        {
            using var response = await _http.SendAsync(request, cancellationToken).ConfigureAwait(false);
            return response.StatusCode == HttpStatusCode.OK
                ? JsonDocument.Parse(await response.Content.ReadAsByteArrayAsync(cancellationToken).ConfigureAwait(false))
                : throw new ExternalEvaluationException($"{uri.Authority} answered {(int)response.StatusCode}");
        }
        catch (Exception error) when (error is HttpRequestException or JsonException or IOException)
        {
            throw new ExternalEvaluationException($"{uri.Authority} gave no answer that can be read: {error.Message}");
        }
    }

    public void Dispose() => _http.Dispose();

    private async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        // What the name stands for now is looked at and dialled: a second look could find something else.
        var addresses = await Dns.GetHostAddressesAsync(context.DnsEndPoint.Host, cancellationToken).ConfigureAwait(false);
        var allowed = Array.FindAll(addresses, IsAllowed);
        if (allowed.Length == 0)
        {
            throw new IOException("its address is not one that endpoints may have");
        }

        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(allowed, context.DnsEndPoint.Port, cancellationToken).ConfigureAwait(false);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private bool IsAllowed(IPAddress address)
    {
        address = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        return IPAddress.IsLoopback(address) ? _allowLoopback
            : address.AddressFamily == AddressFamily.InterNetwork
                // 0.0.0.0/8 is this machine, 169.254.0.0/16 what is on its cable (and its cloud's metadata), 224.0.0.0/3 groups.
                ? address.GetAddressBytes() is not ([0, ..] or [169, 254, ..] or [>= 224, ..])
                : !address.IsIPv6LinkLocal && !address.IsIPv6Multicast && !address.Equals(IPAddress.IPv6Any);
    }
}
