using System.Net.WebSockets;
using Tunnel.Access;
using Tunnel.Core.Api;
using Tunnel.Testing;

namespace Tunnel.EndToEnd.Tests.Adversary;

/// <summary>What is open ends within a second of what would no longer let it in, over HTTP/1.1 and HTTP/2.</summary>
public sealed class MidSessionTests : IAsyncLifetime
{
    private const string Host = "people.example.test";
    private const string Alice = "alice@example.com";

    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(5); // a second, and what a busy machine adds

    private readonly OriginListener _origin = new();
    private readonly List<IDisposable> _owned = [];
    private EdgeLab _lab = null!;
    private AccessApplication _application = null!;

    public async ValueTask InitializeAsync()
    {
        _lab = await EdgeLab.StartAsync();
        _application = await _lab.ProtectAsync(Host, EdgeLab.Policy(AccessDecision.Allow, new EmailDomainRule("example.com")));
        await _lab.PublishAsync(Host, _origin.Url, connections: 1);
    }

    public async ValueTask DisposeAsync()
    {
        _owned.ForEach(owned => owned.Dispose());
        await _lab.DisposeAsync();
        await _origin.DisposeAsync();
    }

    [Theory]
    [InlineData("1.1", "revoked")]
    [InlineData("2.0", "revoked")]
    [InlineData("2.0", "policy")]
    [InlineData("1.1", "policy removed")]
    [InlineData("1.1", "excluded")]
    [InlineData("2.0", "moved")]
    [InlineData("1.1", "stricter")]
    [InlineData("2.0", "deleted")]
    public async Task A_stream_ends_with_what_let_it_in(string version, string what)
    {
        using var person = new PersonBrowser(_lab);
        var stream = await OpenAsync(version, Host, await person.SignInAsync(Host, Alice));
        var policy = await _lab.Api.Policies.ListAsync(_lab.Edge.AccountId, _application.Id).SingleAsync();
        var account = _lab.Edge.AccountId;

        await (what switch
        {
            "revoked" => _lab.Api.Users.RevokeUserAsync(account, Alice),
            "policy" => _lab.Api.Policies.UpdateAsync(account, _application.Id, policy with { Include = [new EmailRule("bob@example.com")] }),
            "policy removed" => _lab.Api.Policies.DeleteAsync(account, _application.Id, policy.Id!),
            "excluded" => _lab.Api.Policies.UpdateAsync(account, _application.Id, policy with { Exclude = [new EmailRule(Alice)] }),
            "moved" => _lab.Api.Applications.UpdateAsync(account, _application with
            {
                Domain = "elsewhere.example.test", SelfHostedDomains = ["elsewhere.example.test"], Destinations = null,
            }),
            "stricter" => _lab.ProtectAsync(Host + "/shell", EdgeLab.Policy(AccessDecision.Allow, new EmailRule("bob@example.com"))),
            _ => _lab.Api.Applications.DeleteAsync(account, _application.Id),
        });

        await AssertEndsAsync(stream);
    }

    [Fact]
    public async Task A_stream_that_nothing_protected_ends_when_something_does()
    {
        const string open = "open.example.test";
        await _lab.PublishAsync(open, _origin.Url, connections: 1);
        var stream = await OpenAsync("1.1", open, null);

        await _lab.ProtectAsync(open);

        await AssertEndsAsync(stream);
    }

    [Fact]
    public async Task Open_streams_are_counted_with_their_session_and_no_longer()
    {
        using var person = new PersonBrowser(_lab);
        var token = await person.SignInAsync(Host, Alice);
        var user = await _lab.Api.Users.ListAsync(_lab.Edge.AccountId).SingleAsync();
        var (first, second) = (await OpenAsync("1.1", Host, token), await OpenAsync("2.0", Host, token));
        Assert.Equal(2, await CountAsync());

        first.Abort();
        second.Abort();

        await Eventually.True(() => CountAsync().GetAwaiter().GetResult() == 0, "they are gone");

        async Task<int?> CountAsync() =>
            (await _lab.Api.Users.ListSessionsAsync(_lab.Edge.AccountId, user.Id).SingleAsync()).Metadata!.OpenStreams;
    }

    private static async Task AssertEndsAsync(ClientWebSocket stream)
    {
        using var limit = new CancellationTokenSource(s_limit);
        try
        {
            var result = await stream.ReceiveAsync(new byte[1], limit.Token);
            Assert.Equal(WebSocketMessageType.Close, result.MessageType);
        }
        catch (Exception error) when (error is WebSocketException or IOException or HttpProtocolException)
        {
            // Cut off.
        }
    }

    private async Task<ClientWebSocket> OpenAsync(string version, string hostname, string? token)
    {
        var handler = new SocketsHttpHandler
        {
            ConnectCallback = async (_, cancellationToken) =>
            {
                var socket = new System.Net.Sockets.Socket(System.Net.Sockets.SocketType.Stream, System.Net.Sockets.ProtocolType.Tcp);
                await socket.ConnectAsync(_lab.Edge.PublicEndPoint, cancellationToken);
                return new System.Net.Sockets.NetworkStream(socket, ownsSocket: true);
            },
            SslOptions = _lab.Trusting(hostname),
        };
        var invoker = new HttpMessageInvoker(handler);
        var stream = new ClientWebSocket { Options = { HttpVersion = new Version(version), HttpVersionPolicy = HttpVersionPolicy.RequestVersionExact } };
        _owned.AddRange([stream, invoker]);
        if (token is not null)
        {
            stream.Options.SetRequestHeader("Cf-Access-Token", token);
        }

        await stream.ConnectAsync(new Uri($"wss://{hostname}/shell"), invoker, CancellationToken.None);
        await stream.SendAsync("hello"u8.ToArray(), WebSocketMessageType.Binary, true, CancellationToken.None);
        var answer = new byte[5];
        for (var read = 0; read < 5;)
        {
            read += (await stream.ReceiveAsync(answer.AsMemory(read), CancellationToken.None)).Count;
        }

        Assert.Equal("hello"u8, answer);
        return stream;
    }
}
