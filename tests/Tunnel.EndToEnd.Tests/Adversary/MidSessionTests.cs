using System.Net.WebSockets;
using System.Text.Json;
using Tunnel.Access;
using Tunnel.Core.Api;
using Tunnel.Testing;

namespace Tunnel.EndToEnd.Tests.Adversary;

/// <summary>What is open ends with what would no longer let it in, over HTTP/1.1 and HTTP/2.</summary>
public sealed class MidSessionTests : IAsyncLifetime
{
    private const string Host = "people.example.test";
    private const string Beside = "beside.example.test";
    private const string Alice = "alice@example.com";

    private readonly OriginListener _origin = new();
    private readonly List<IDisposable> _owned = [];
    private EdgeLab _lab = null!;
    private AccessApplication _application = null!;
    private AccessPolicyResource _policy = null!;
    private AccessGroupResource _inner = null!;
    private AccessGroupResource _group = null!;
    private AccessListResource _list = null!;

    private string Account => _lab.Edge.AccountId;

    public async ValueTask InitializeAsync()
    {
        _lab = await EdgeLab.StartAsync();
        _inner = await _lab.Api.Groups.CreateAsync(Account, new AccessGroupResource { Name = "inner", Include = [new EmailDomainRule("example.com")] });
        _group = await _lab.Api.Groups.CreateAsync(Account, new AccessGroupResource { Name = "outer", Include = [new GroupRule(_inner.Id)] });
        _application = await _lab.ProtectAsync(Host);
        _policy = await _lab.Api.Policies.CreateAsync(
            Account, _application.Id, EdgeLab.Policy(AccessDecision.Allow, new GroupRule(_group.Id)) with { Precedence = 2 });
        await _lab.PublishAsync(Beside, _origin.Url, connections: 1);
        await _lab.PublishAsync(Host, _origin.Url, connections: 1);
    }

    public async ValueTask DisposeAsync()
    {
        _owned.ForEach(owned => owned.Dispose());
        await _lab.DisposeAsync();
        await _origin.DisposeAsync();
    }

    [Theory]
    [InlineData("1.1", "person revoked")]
    [InlineData("2.0", "person revoked")]
    [InlineData("2.0", "session revoked")]
    [InlineData("1.1", "application revoked")]
    [InlineData("1.1", "person removed")]
    [InlineData("1.1", "signed out")]
    [InlineData("2.0", "policy")]
    [InlineData("1.1", "policy removed")]
    [InlineData("1.1", "excluded")]
    [InlineData("2.0", "required")]
    [InlineData("1.1", "denied before")]
    [InlineData("2.0", "group")]
    [InlineData("1.1", "group excludes")]
    [InlineData("1.1", "group in a group")]
    [InlineData("2.0", "reusable policy")]
    [InlineData("1.1", "taken off a list")]
    [InlineData("2.0", "put on a list that excludes")]
    [InlineData("2.0", "address taken off a list")]
    [InlineData("2.0", "provider removed")]
    [InlineData("1.1", "provider not allowed")]
    [InlineData("2.0", "moved")]
    [InlineData("1.1", "stricter")]
    [InlineData("2.0", "deleted")]
    public async Task A_stream_ends_with_what_let_it_in_and_its_token_opens_no_other(string version, string what)
    {
        await PrepareAsync(what);
        using var person = new PersonBrowser(_lab);
        var token = await person.SignInAsync(Host, Alice);
        var (stream, stays) = (await OpenAsync(version, Host, token), await OpenAsync(version, Beside, null));
        var before = _origin.Connections;

        await ChangeAsync(what, person);

        await AssertEndsAsync(stream);
        // "Moved" and "deleted" leave a hostname that nothing protects.
        if (what is not ("moved" or "deleted"))
        {
            var status = await RawVisitor.SendAsync(
                _lab, Host, $"GET /shell HTTP/1.1\r\nHost: {Host}\r\nCf-Access-Token: {token}\r\n{RawVisitor.Upgrade}\r\n");
            Assert.True(status is 302 or 403, $"{status}");
            Assert.Equal(before, _origin.Connections);
        }

        await EchoAsync(stays);
    }

    private async Task PrepareAsync(string what)
    {
        switch (what)
        {
            case "reusable policy":
                await _lab.Api.Policies.MakeReusableAsync(Account, _application.Id, _policy.Id!);
                break;
            case "taken off a list":
                _list = await MakeListAsync(AccessListResource.EmailType, "ALICE@example.com", "bob@example.com");
                await ChangePolicyAsync(_policy with { Include = [new EmailListRule(_list.Id)] });
                break;
            case "put on a list that excludes":
                _list = await MakeListAsync(AccessListResource.EmailType, "bob@example.com");
                await ChangePolicyAsync(_policy with { Exclude = [new EmailListRule(_list.Id)] });
                break;
            case "address taken off a list":
                _list = await MakeListAsync(AccessListResource.IpType, "127.0.0.0/8", "192.0.2.0/24");
                await ChangePolicyAsync(_policy with { Require = [new IpListRule(_list.Id)] });
                break;
        }
    }

    private Task<AccessListResource> MakeListAsync(string type, params string[] values) => _lab.Api.Lists.CreateAsync(
        Account, new AccessListResource { Name = "list", Type = type, Items = [.. values.Select(v => new AccessListItem { Value = v })] });

    private Task ChangeAsync(string what, PersonBrowser person) => what switch
    {
        "taken off a list" => _lab.Api.Lists.EditAsync(Account, _list.Id, [], [Alice]),
        "put on a list that excludes" => _lab.Api.Lists.EditAsync(Account, _list.Id, [new AccessListItem { Value = Alice }], []),
        "address taken off a list" => _lab.Api.Lists.EditAsync(Account, _list.Id, [], ["127.0.0.0/8"]),
        "person revoked" => _lab.Api.Users.RevokeUserAsync(Account, Alice),
        "session revoked" => WithUserAsync(async id => await _lab.Api.Users.RevokeSessionAsync(
            Account, id, (await _lab.Api.Users.ListSessionsAsync(Account, id).SingleAsync()).Metadata!.Nonce!)),
        "application revoked" => _lab.Api.Users.RevokeApplicationAsync(Account, _application.Id),
        "person removed" => WithUserAsync(id => DeleteAsync($"access/users/{id}")),
        "signed out" => person.GetAsync($"https://{Host}/cdn-cgi/access/logout"),
        "policy" => ChangePolicyAsync(_policy with { Include = [new EmailRule("bob@example.com")] }),
        "policy removed" => _lab.Api.Policies.DeleteAsync(Account, _application.Id, _policy.Id!),
        "excluded" => ChangePolicyAsync(_policy with { Exclude = [new EmailRule(Alice)] }),
        "required" => ChangePolicyAsync(_policy with { Require = [new IpRangeRule(System.Net.IPNetwork.Parse("192.0.2.0/24"))] }),
        "denied before" => _lab.Api.Policies.CreateAsync(
            Account, _application.Id, EdgeLab.Policy(AccessDecision.Deny, new EmailRule(Alice)) with { Precedence = 1 }),
        "group" => _lab.Api.Groups.UpdateAsync(Account, _group with { Include = [new EmailRule("bob@example.com")] }),
        "group excludes" => _lab.Api.Groups.UpdateAsync(Account, _group with { Exclude = [new EmailRule(Alice)] }),
        "group in a group" => _lab.Api.Groups.UpdateAsync(Account, _inner with { Include = [new EmailRule("bob@example.com")] }),
        "reusable policy" => _lab.Api.ReusablePolicies.UpdateAsync(Account, _policy with { Include = [new EmailRule("bob@example.com")] }),
        "provider removed" => RemoveProviderAsync(),
        "provider not allowed" => _lab.Api.Applications.UpdateAsync(
            Account, _application with { AllowedIdps = [Guid.NewGuid().ToString("D")] }),
        "moved" => _lab.Api.Applications.UpdateAsync(Account, _application with
        {
            Domain = "elsewhere.example.test", SelfHostedDomains = ["elsewhere.example.test"], Destinations = null,
        }),
        "stricter" => _lab.ProtectAsync(Host + "/shell", EdgeLab.Policy(AccessDecision.Allow, new EmailRule("bob@example.com"))),
        _ => _lab.Api.Applications.DeleteAsync(Account, _application.Id),
    };

    [Theory]
    [InlineData("an application")]
    [InlineData("a wildcard application")]
    [InlineData("the organisation denies what nothing covers")]
    public async Task A_stream_that_nothing_protected_ends_when_something_does(string what)
    {
        var stream = await OpenAsync("1.1", Beside, null);
        var before = _origin.Connections;

        await (what switch
        {
            "an application" => _lab.ProtectAsync(Beside),
            "a wildcard application" => _lab.ProtectAsync("*.example.test"),
            _ => DenyUnmatchedAsync(),
        });

        await AssertEndsAsync(stream);
        Assert.Equal(403, await RawVisitor.SendAsync(_lab, Beside, $"GET / HTTP/1.1\r\nHost: {Beside}\r\n{RawVisitor.Upgrade}\r\n"));
        Assert.Equal(before, _origin.Connections);
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
        using var limit = new CancellationTokenSource(Eventually.Limit);
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
        await EchoAsync(stream);
        return stream;
    }

    private static async Task EchoAsync(ClientWebSocket stream)
    {
        await stream.SendAsync("hello"u8.ToArray(), WebSocketMessageType.Binary, true, CancellationToken.None);
        var answer = new byte[5];
        for (var read = 0; read < 5;)
        {
            read += (await stream.ReceiveAsync(answer.AsMemory(read), CancellationToken.None)).Count;
        }

        Assert.Equal("hello"u8, answer);
    }

    private Task<AccessPolicyResource> ChangePolicyAsync(AccessPolicyResource policy) => _lab.Api.Policies.UpdateAsync(Account, _application.Id, policy);

    private async Task WithUserAsync(Func<string, Task> change) => await change((await _lab.Api.Users.ListAsync(Account).SingleAsync()).Id);

    private async Task RemoveProviderAsync() => await _lab.Api.IdentityProviders.DeleteAsync(
        Account, (await _lab.Api.IdentityProviders.ListAsync(Account).SingleAsync()).Id);

    private async Task DenyUnmatchedAsync()
    {
        var organization = await _lab.Api.Organization.GetAsync(Account);
        await _lab.Api.Organization.UpdateAsync(Account, organization with
        {
            Other = new Dictionary<string, JsonElement> { ["deny_unmatched_requests"] = JsonElement.Parse("true") },
        });
    }

    private async Task DeleteAsync(string path)
    {
        using var http = _lab.ApiHttp();
        using var response = await http.DeleteAsync(new Uri($"accounts/{Account}/{path}", UriKind.Relative));
        Assert.True(response.IsSuccessStatusCode);
    }
}
