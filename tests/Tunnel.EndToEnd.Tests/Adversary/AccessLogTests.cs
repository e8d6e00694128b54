using System.Collections.Concurrent;
using System.Text;
using Microsoft.Extensions.Logging;
using Tunnel.Access;
using Tunnel.Core.Api;
using Tunnel.Testing;

namespace Tunnel.EndToEnd.Tests.Adversary;

/// <summary>Every decision is on record, those before anybody is known too; and never a secret.</summary>
public sealed class AccessLogTests : IAsyncLifetime
{
    private const string Host = "people.example.test";
    private const string Alice = "alice@example.com";

    private readonly OriginListener _origin = new();
    private readonly LogCapture _log = new();
    private EdgeLab _lab = null!;
    private ServiceToken _machine = null!;
    private AccessApplication _application = null!;

    public async ValueTask InitializeAsync()
    {
        _lab = await EdgeLab.StartAsync(configure: options => options with { LoggerFactory = _log });
        _machine = await _lab.Api.ServiceTokens.CreateAsync(_lab.Edge.AccountId, "machine");
        _application = await _lab.ProtectAsync(
            Host,
            EdgeLab.Policy(AccessDecision.Allow, new EmailDomainRule("example.com")),
            EdgeLab.Policy(AccessDecision.NonIdentity, new ServiceTokenRule(_machine.Id)));
        await _lab.PublishAsync(Host, _origin.Url, connections: 1);
        await _lab.PublishAsync("open.example.test", _origin.Url, connections: 1);
    }

    public async ValueTask DisposeAsync()
    {
        await _lab.DisposeAsync();
        await _origin.DisposeAsync();
        _log.Dispose();
    }

    [Theory]
    [InlineData(Host, "GET / HTTP/1.1\r\nHost: open.example.test\r\n\r\n", false, "not the one of the TLS connection")]
    [InlineData(Host, "TRACE / HTTP/1.1\r\nHost: people.example.test\r\n\r\n", false, "method or path")]
    [InlineData(Host, "GET /x/..%3b/y HTTP/1.1\r\nHost: people.example.test\r\n\r\n", false, "method or path")]
    [InlineData("nobody.example.test", "GET / HTTP/1.1\r\nHost: nobody.example.test\r\n\r\n", true, "No application covers")]
    [InlineData("open.example.test", "GET / HTTP/1.1\r\nHost: open.example.test\r\n\r\n", true, "No application covers")]
    [InlineData(Host, "GET / HTTP/1.1\r\nHost: people.example.test\r\nCf-Access-Token: x\r\n\r\n", false, "not a signed JWT")]
    [InlineData(Host, "GET /cdn-cgi/access/authorized?code=0 HTTP/1.1\r\nHost: people.example.test\r\n\r\n", false, "not begun in this browser")]
    public async Task What_is_decided_before_anybody_is_known_is_on_record(string serverName, string request, bool isAllowed, string reason)
    {
        var answer = await RawVisitor.ReadAsync(_lab, serverName, request);
        var ray = answer.Split("Cf-Ray: ", StringSplitOptions.None)[1].Split('\r')[0];

        var entry = Assert.Single(await _lab.Api.AccessLog.GetAsync(_lab.Edge.AccountId, new AccessLogFilter { RayId = ray }, 10));

        Assert.Equal((isAllowed, "127.0.0.1"), (entry.Allowed, entry.IpAddress));
        Assert.Contains(reason, entry.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Wrong_codes_sign_outs_revocations_and_cut_streams_are_on_record()
    {
        using var person = new PersonBrowser(_lab);
        var asked = await person.FollowAsync(await person.PostAsync(await person.OpenLoginAsync(Host), ("email", Alice)));
        await Eventually.True(() => PersonBrowser.Mail(_lab).Length > 0, "the PIN");
        var pin = PersonBrowser.PinOf(PersonBrowser.Mail(_lab)[0]);
        await person.PostAsync(asked, ("code", pin == "000000" ? "000001" : "000000"));
        var done = await person.PostAsync(asked, ("code", pin));
        await person.FollowAsync(done);
        await using (await _lab.VisitAsync(Host, _machine))
        {
            await _lab.Api.Users.RevokeApplicationAsync(_lab.Edge.AccountId, _application.Id);
            await _lab.Api.Users.RevokeUserAsync(_lab.Edge.AccountId, "bob@example.com");
            await Eventually.True(() => Entries().Any(e => e.Action == "stream_end"), "the cut");
        }

        await person.GetAsync("https://tunnel.cloudflareaccess.test/cdn-cgi/access/logout");

        var entries = Entries();
        Assert.Contains(entries, e => e is { Action: "login", Allowed: false, UserEmail: Alice, Connection: "onetimepin" }
            && e.Reason!.Contains("PIN is wrong", StringComparison.Ordinal));
        Assert.Contains(entries, e => e is { Action: "login", Allowed: true, UserEmail: Alice, PolicyName: "Allow" });
        Assert.Contains(entries, e => e is { Action: "login", Allowed: true, ServiceTokenName: "machine", PolicyName: "NonIdentity" });
        Assert.Contains(entries, e => e.Action == "revocation" && e.AppUid == _application.Id);
        Assert.Contains(entries, e => e is { Action: "revocation", UserEmail: "bob@example.com" });
        Assert.Contains(entries, e => e is { Action: "stream_end", ServiceTokenName: "machine", AppDomain: Host });
        Assert.Contains(entries, e => e is { Action: "logout", UserEmail: Alice });
    }

    [Fact]
    public async Task No_secret_is_in_the_log_the_database_or_what_the_edge_says()
    {
        using var person = new PersonBrowser(_lab);
        var login = await person.OpenLoginAsync(Host, "/a?password=hunter2-in-the-query");
        var asked = await person.FollowAsync(await person.PostAsync(login, ("email", Alice)));
        await Eventually.True(() => PersonBrowser.Mail(_lab).Length > 0, "the PIN");
        var pin = PersonBrowser.PinOf(PersonBrowser.Mail(_lab)[0]);
        await person.PostAsync(asked, ("code", "314159"));
        var done = await person.PostAsync(asked, ("code", pin));
        await person.FollowAsync(done);
        var (token, organization) = (person.Token(Host), person.Token("tunnel.cloudflareaccess.test"));
        var machineToken = await _lab.EarnTokenAsync(Host, _machine);
        foreach (var header in (string[])
            [
                "Cf-Access-Token: " + token, "Cf-Access-Token: " + token[..^4] + "AAAA", "Cookie: CF_Authorization=" + organization,
                "Authorization: Bearer " + token, "Cf-Access-Jwt-Assertion: " + token,
                $"CF-Access-Client-Id: {_machine.ClientId}\r\nCF-Access-Client-Secret: {_machine.ClientSecret}",
                $"CF-Access-Client-Id: {_machine.ClientSecret}\r\nCF-Access-Client-Secret: wrong-secret-of-a-machine",
            ])
        {
            await RawVisitor.ReadAsync(_lab, Host, $"GET /?token={token} HTTP/1.1\r\nHost: {Host}\r\n{header}\r\nConnection: close\r\n\r\n");
        }

        await RawVisitor.ReadAsync(_lab, Host, $"GET / HTTP/1.1\r\nHost: {token[..60]}\r\nConnection: close\r\n\r\n");
        await person.GetAsync($"https://{Host}/cdn-cgi/access/logout");
        var entries = string.Join('\n', Entries().Select(e => e.ToString()));
        string[] secrets =
        [
            token.Split('.')[2], organization.Split('.')[2], machineToken.Split('.')[2], _machine.ClientSecret!, _lab.Edge.ApiToken,
            done.Next!.Query.Split("code=")[1], "hunter2-in-the-query", "wrong-secret-of-a-machine",
            .. person.Cookies.GetAllCookies().Where(c => c.Value.Length >= 16).Select(c => c.Value),
        ];
        await _lab.RestartEdgeAsync(); // what is in memory reaches the disk
        var stored = string.Concat(Directory.GetFiles(_lab.StateDirectory, "*.db*").Select(f => Encoding.Latin1.GetString(File.ReadAllBytes(f))));

        Assert.True(stored.Length > 0 && entries.Length > 0 && _log.Text.Length > 0);
        foreach (var secret in secrets)
        {
            Assert.DoesNotContain(secret, entries, StringComparison.Ordinal);
            Assert.DoesNotContain(secret, stored, StringComparison.Ordinal);
            Assert.DoesNotContain(secret, _log.Text, StringComparison.Ordinal);
        }

        // As a word: among all the digits of ids one may stand by chance.
        Assert.DoesNotMatch($@"\b({pin}|314159)\b", entries);
    }

    private IReadOnlyList<AccessLogEntry> Entries() =>
        _lab.Api.AccessLog.GetAsync(_lab.Edge.AccountId, new AccessLogFilter(), 1000).GetAwaiter().GetResult();

    /// <summary>Everything that the edge says, at every level.</summary>
    private sealed class LogCapture : ILoggerFactory, ILogger
    {
        private readonly ConcurrentQueue<string> _lines = new();

        public string Text => string.Join('\n', _lines);

        public void AddProvider(ILoggerProvider provider)
        {
        }

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            _lines.Enqueue($"{formatter(state, exception)} {exception}");

        public void Dispose()
        {
        }
    }
}
