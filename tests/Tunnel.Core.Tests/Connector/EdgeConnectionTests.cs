using System.Net;
using System.Net.Security;
using System.Text;
using Tunnel.Core.Connector;
using Tunnel.Protocol.Registration;
using Tunnel.Protocol.Streams;
using Tunnel.Testing;

namespace Tunnel.Core.Tests.Connector;

/// <summary>What other edges do, and ours does not, that a connector has to live with.</summary>
public sealed class EdgeConnectionTests
{
    private static readonly TimeSpan s_limit = Eventually.Limit;

    [Fact]
    public async Task An_edge_may_ask_for_https_although_TLS_has_ended_before_HTTP()
    {
        var answer = new TaskCompletionSource<(byte Kind, byte Status)>();
        await using var edge = new LoneEdge(async (stream, cancellationToken) =>
        {
            await stream.WriteAsync(ControlStream(scheme: 0x87), cancellationToken);
            answer.TrySetResult(await ReadAnswerAsync(stream, cancellationToken));
        });
        await using var connector = new TunnelConnector(edge.Options);
        await connector.StartAsync();

        var (kind, status) = await answer.Task.WaitAsync(s_limit);

        Assert.Equal(1, kind); // HEADERS; a refusal would be RST_STREAM
        Assert.Equal(0x88, status); // ":status: 200" in HPACK's static table
    }

    [Fact]
    public async Task A_stream_that_overtakes_the_registrations_answer_waits_for_it()
    {
        Task<HttpResponseMessage>? early = null;
        await using var edge = Edge(async (connection, _) =>
        {
            early = connection.SendAsync(null, null);
            // Its answer shows that the connector has the stream before it.
            using var pushed = await PushAsync(connection);
            return LoneEdgeConnection.Accepted;
        });
        await using var connector = new TunnelConnector(edge.Options);
        await connector.StartAsync();
        await WaitUntilHealthyAsync(connector);

        using var response = await early!.WaitAsync(s_limit);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode); // the pushed rule's
    }

    [Fact]
    public async Task A_configuration_may_come_before_the_registrations_answer()
    {
        var status = default(HttpStatusCode);
        await using var edge = Edge(async (connection, _) =>
        {
            using var pushed = await PushAsync(connection);
            status = pushed.StatusCode;
            return LoneEdgeConnection.Accepted;
        });
        await using var connector = new TunnelConnector(edge.Options);
        await connector.StartAsync();
        await WaitUntilHealthyAsync(connector);

        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal("http_status:503", Assert.Single(connector.Configuration.Ingress).Service.ToString());
    }

    [Fact]
    public async Task A_connection_that_the_edge_still_holds_is_tried_again_whatever_its_flag_says()
    {
        var attempts = new List<byte>();
        await using var edge = Edge((_, request) =>
        {
            attempts.Add(request.Options.PreviousAttempts);
            return attempts.Count > 2
                ? Task.FromResult(LoneEdgeConnection.Accepted)
                : throw new RegistrationException(RegistrationException.DuplicateConnection, shouldRetry: false);
        });
        await using var connector = new TunnelConnector(edge.Options with { ReconnectDelay = TimeSpan.FromMilliseconds(1) });
        await connector.StartAsync();

        await WaitUntilHealthyAsync(connector);

        Assert.Equal([0, 1, 2], attempts);
    }

    [Fact]
    public async Task An_edge_that_ends_at_any_moment_is_dialled_again()
    {
        await using var edge = Edge((_, _) => Task.FromResult(LoneEdgeConnection.Accepted), resets: 200);
        await using var connector = new TunnelConnector(edge.Options with
        {
            ReconnectDelay = TimeSpan.FromMilliseconds(1), MaxReconnectDelay = TimeSpan.FromMilliseconds(2),
        });
        await connector.StartAsync();

        await WaitUntilHealthyAsync(connector);

        Assert.Equal(ConnectorState.Healthy, connector.State);
    }

    [Fact]
    public async Task A_connector_that_stops_leaves_the_closing_to_the_edge()
    {
        // Whoever closes a socket with bytes unread resets it, and what it has sent last is lost.
        var unregistered = new TaskCompletionSource<LoneEdgeConnection>(TaskCreationOptions.RunContinuationsAsynchronously);
        var mayClose = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var edge = new LoneEdge(async (stream, cancellationToken) =>
        {
            using var connection = new LoneEdgeConnection(stream, (_, _) => Task.FromResult(LoneEdgeConnection.Accepted));
            await connection.RunAsync(cancellationToken);
            unregistered.SetResult(connection);
            await mayClose.Task.WaitAsync(cancellationToken);
        });
        await using var connector = new TunnelConnector(edge.Options);
        await connector.StartAsync();
        await WaitUntilHealthyAsync(connector);

        var stopping = connector.StopAsync();
        var connection = await unregistered.Task.WaitAsync(s_limit);
        using var probe = await connection.SendAsync(null, null).WaitAsync(s_limit);
        mayClose.SetResult();
        await stopping.WaitAsync(s_limit);

        Assert.Equal(HttpStatusCode.NotFound, probe.StatusCode);
        Assert.Equal(ConnectorState.Stopped, connector.State);
    }

    private static LoneEdge Edge(Func<LoneEdgeConnection, RegistrationRequest, Task<ConnectionDetails>> register, int resets = 0) => new(
        async (stream, cancellationToken) =>
        {
            using var connection = new LoneEdgeConnection(stream, register);
            await connection.RunAsync(cancellationToken);
        }) { Resets = resets };

    private static Task<HttpResponseMessage> PushAsync(LoneEdgeConnection connection) => connection.SendAsync(
        StreamHeaders.UpgradeConfiguration,
        new StringContent("""{"version":1,"config":{"ingress":[{"service":"http_status:503"}]}}"""));

    private static async Task WaitUntilHealthyAsync(TunnelConnector connector)
    {
        using var limit = new CancellationTokenSource(s_limit);
        await connector.WaitUntilHealthyAsync(1, limit.Token);
    }

    /// <summary>HTTP/2's preface and the request of a control stream, in HPACK without compression (RFC 7541).</summary>
    /// <param name="scheme">The static table's index of ":scheme", with the bit for "indexed".</param>
    private static byte[] ControlStream(byte scheme)
    {
        byte[] headers =
        [
            0x82, scheme, 0x84, // :method: GET, :scheme, :path: /
            0x01, .. Text(ConnectorOptions.EdgeServerName), // :authority
            0x00, .. Text(StreamHeaders.ConnectionUpgrade.ToLowerInvariant()), .. Text(StreamHeaders.UpgradeControlStream),
        ];
        return
        [
            .. "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8,
            0, 0, 0, 4, 0, 0, 0, 0, 0, // SETTINGS
            0, 0, (byte)headers.Length, 1, 4, 0, 0, 0, 1, .. headers, // HEADERS of stream 1, complete, its body open
        ];

        static byte[] Text(string text) => [(byte)text.Length, .. Encoding.ASCII.GetBytes(text)];
    }

    /// <returns>The type of the first frame on stream 1, and its first byte.</returns>
    private static async Task<(byte Kind, byte First)> ReadAnswerAsync(SslStream stream, CancellationToken cancellationToken)
    {
        var head = new byte[9];
        while (true)
        {
            await stream.ReadExactlyAsync(head, cancellationToken);
            var payload = new byte[(head[0] << 16) | (head[1] << 8) | head[2]];
            await stream.ReadExactlyAsync(payload, cancellationToken);
            if (head[8] == 1)
            {
                return (head[3], payload[0]);
            }
        }
    }
}
