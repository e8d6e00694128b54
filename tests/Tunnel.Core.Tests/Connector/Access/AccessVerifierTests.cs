using System.Net;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Tunnel.Core.Connector;
using Tunnel.Core.Connector.Access;
using Tunnel.Protocol.Configuration;
using Tunnel.Protocol.Streams;
using Tunnel.Testing;

namespace Tunnel.Core.Tests.Connector.Access;

/// <summary>A connector that checks Access tokens itself, at an edge that is not to be trusted.</summary>
public sealed class AccessVerifierTests : IAsyncLifetime
{
    private const string Audience = "737646a56ab1df6ec9bddc7e5ca84eaf3b0768850f3ffb5d74f1534911fe3893";
    private static readonly TimeSpan s_limit = Eventually.Limit;

    private readonly SteppedClock _clock = new();
    private readonly TokenSigner _key = new("key-1");
    private readonly LoneTeam _team = new();
    private readonly OriginListener _origin = new();
    private readonly TaskCompletionSource<LoneEdgeConnection> _connection = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly LoneEdge _edge;
    private TunnelConnector _connector = null!;
    private int _opened;

    public AccessVerifierTests() => _edge = new LoneEdge(async (stream, cancellationToken) =>
    {
        using var connection = new LoneEdgeConnection(stream, (own, _) =>
        {
            _connection.TrySetResult(own);
            return Task.FromResult(LoneEdgeConnection.Accepted);
        });
        await connection.RunAsync(cancellationToken);
    });

    public ValueTask InitializeAsync()
    {
        _team.Publish(_key);
        return StartAsync($"required: true, teamName: {LoneTeam.Domain}, audTag: [other, {Audience}]");
    }

    public async ValueTask DisposeAsync()
    {
        await _connector.DisposeAsync();
        await _edge.DisposeAsync();
        await _team.DisposeAsync();
        await _origin.DisposeAsync();
        _key.Dispose();
    }

    [Fact]
    public async Task A_stream_with_the_applications_token_reaches_the_service_and_the_keys_are_fetched_once()
    {
        for (var i = 0; i < 5; i++)
        {
            Assert.Equal(HttpStatusCode.OK, await OpenAsync(_key.Sign(Claims)));
        }

        await Eventually.True(() => _origin.Connections == 5, "each has reached it");
        Assert.Equal(1, _team.Fetches);
    }

    [Fact]
    public async Task A_stream_without_a_token_is_403()
    {
        await AssertRefused(403);
        Assert.Equal(0, _team.Fetches);
    }

    [Fact]
    public async Task Two_tokens_are_403() => await AssertRefused(403, _key.Sign(Claims), _key.Sign(Claims));

    [Theory]
    [InlineData("aud", "[\"another\"]")]
    [InlineData("aud", "[]")]
    [InlineData("aud", "\"\"")]
    [InlineData("aud", "[\"737646A56AB1DF6EC9BDDC7E5CA84EAF3B0768850F3FFB5D74F1534911FE3893\"]")]
    [InlineData("iss", "\"https://other.example.test\"")]
    [InlineData("iss", "\"https://team.example.test/\"")]
    [InlineData("iss", "\"http://team.example.test\"")]
    [InlineData("exp", "1790000000")]
    [InlineData("exp", null)]
    [InlineData("nbf", "1900000000")]
    [InlineData("iat", "1900000000")]
    [InlineData("type", "\"org\"")]
    [InlineData("type", "\"match\"")]
    [InlineData("type", null)]
    public async Task A_token_with_a_wrong_claim_is_403(string claim, string? value)
    {
        var claims = Claims;
        claims.Remove(claim);
        if (value is not null)
        {
            claims[claim] = JsonNode.Parse(value);
        }

        await AssertRefused(403, _key.Sign(claims));
    }

    [Fact]
    public async Task A_clock_may_differ_by_half_a_minute()
    {
        var claims = Claims;
        claims["exp"] = _clock.GetUtcNow().AddSeconds(-20).ToUnixTimeSeconds();
        Assert.Equal(HttpStatusCode.OK, await OpenAsync(_key.Sign(claims)));

        claims["exp"] = _clock.GetUtcNow().AddSeconds(-40).ToUnixTimeSeconds();
        await AssertRefused(403, _key.Sign(claims));
    }

    [Fact]
    public async Task No_algorithm_and_no_key_but_the_teams_own_is_taken()
    {
        using var thief = new TokenSigner("key-1");
        var modulus = _key.Key.ExportParameters(false).Modulus!;
        JsonObject Header(string algorithm) => new() { ["alg"] = algorithm, ["kid"] = "key-1" };
        var jwk = Header("RS256");
        jwk["jwk"] = new JsonObject { ["kty"] = "RSA", ["n"] = "AQ", ["e"] = "AQAB" };
        var jku = Header("RS256");
        jku["jku"] = "https://evil.example/keys";

        await AssertRefused(403, thief.Sign(Claims));
        await AssertRefused(403, thief.Sign(Claims, jwk));
        await AssertRefused(403, thief.Sign(Claims, jku));
        await AssertRefused(403, TokenSigner.Sign(Claims, Header("none"), _ => []));
        await AssertRefused(403, TokenSigner.Sign(Claims, Header("HS256"), bytes => HMACSHA256.HashData(modulus, bytes)));
        await AssertRefused(403, TokenSigner.Sign(
            Claims, Header("PS256"), bytes => _key.Key.SignData(bytes, HashAlgorithmName.SHA256, RSASignaturePadding.Pss)));
    }

    [Fact]
    public async Task A_rotated_key_is_found_and_a_withdrawn_one_ends()
    {
        using var next = new TokenSigner("key-2");
        Assert.Equal(HttpStatusCode.OK, await OpenAsync(_key.Sign(Claims)));
        _team.Publish(next);
        _clock.Advance(TimeSpan.FromSeconds(6));

        Assert.Equal(HttpStatusCode.OK, await OpenAsync(next.Sign(Claims)));
        await AssertRefused(403, _key.Sign(Claims));
        Assert.Equal(2, _team.Fetches);
    }

    [Fact]
    public async Task Tokens_of_keys_that_nobody_knows_make_no_more_fetches_than_one_in_a_while()
    {
        await OpenAsync(_key.Sign(Claims));
        for (var i = 0; i < 20; i++)
        {
            await AssertRefused(403, _key.Sign(Claims, new JsonObject { ["alg"] = "RS256", ["kid"] = $"unknown-{i}" }));
        }

        Assert.Equal(1, _team.Fetches);
    }

    [Fact]
    public async Task A_team_that_cannot_be_asked_lets_nobody_in()
    {
        string[] answers =
        [
            LoneTeam.Reply("503 Down", ""),
            LoneTeam.Reply("200 OK", "{}"),
            LoneTeam.Reply("200 OK", "<html>"),
            LoneTeam.Reply("302 Found", "", "Location: https://team.example.test/cdn-cgi/access/certs\r\n"),
            "",
        ];

        foreach (var answer in answers)
        {
            _team.Answer = () => answer;
            await AssertRefused(502, _key.Sign(Claims));
            _clock.Advance(TimeSpan.FromSeconds(6));
        }

        _team.Publish(_key);
        Assert.Equal(HttpStatusCode.OK, await OpenAsync(_key.Sign(Claims)));
    }

    [Fact]
    public async Task Keys_hold_for_an_hour_without_the_team_and_not_longer()
    {
        Assert.Equal(HttpStatusCode.OK, await OpenAsync(_key.Sign(Claims)));
        _team.Answer = () => LoneTeam.Reply("503 Down", "");

        _clock.Advance(TimeSpan.FromMinutes(50));
        Assert.Equal(HttpStatusCode.OK, await OpenAsync(_key.Sign(Claims)));
        await Eventually.True(() => _team.Fetches == 2, "it has asked in the background");

        _clock.Advance(TimeSpan.FromMinutes(20));
        await AssertRefused(502, _key.Sign(Claims));
    }

    [Theory]
    [InlineData("required: true")]
    [InlineData("required: true, teamName: team.example.test")]
    [InlineData("required: true, teamName: team.example.test, audTag: ['']")]
    [InlineData("required: true, teamName: 'team.example.test/x#', audTag: [737646a56ab1df6ec9bddc7e5ca84eaf3b0768850f3ffb5d74f1534911fe3893]")]
    public async Task A_rule_that_no_token_can_fulfil_lets_nobody_in(string access)
    {
        await using var second = new AccessVerifierTests();
        second._team.Publish(_key);
        await second.StartAsync(access);

        await second.AssertRefused(403, _key.Sign(Claims));
    }

    [Fact]
    public async Task Rules_that_the_edge_sends_take_no_requirement_away_and_may_add_one()
    {
        await PushAsync(1, "");
        await AssertRefused(403);
        Assert.Equal(HttpStatusCode.OK, await OpenAsync(_key.Sign(Claims)));

        await PushAsync(2, """, "originRequest": {"access": {"required": false, "teamName": "evil.example.test", "audTag": ["any"]}}""");
        await AssertRefused(403);
        Assert.Equal(HttpStatusCode.OK, await OpenAsync(_key.Sign(Claims)));

        await PushAsync(3, $$$""", "originRequest": {"access": {"required": true, "teamName": "{{{LoneTeam.Domain}}}", "audTag": ["third"]}}""");
        await AssertRefused(403, _key.Sign(Claims));
        var both = Claims;
        both["aud"] = new JsonArray(Audience, "third");
        Assert.Equal(HttpStatusCode.OK, await OpenAsync(_key.Sign(both)));
    }

    [Fact]
    public async Task What_the_machine_itself_leaves_open_stays_so_and_no_other_way_to_a_service_opens()
    {
        await using var second = new AccessVerifierTests();
        second._team.Publish(_key);
        await second.StartAsync($"""
            ingress:
              - hostname: ssh.example.test
                service: {second._origin.Url}
                originRequest: {ToYaml($"required: true, teamName: {LoneTeam.Domain}, audTag: [{Audience}]")}
              - hostname: open.example.test
                service: {_origin.Url}
              - service: http_status:404
            """, isWhole: true);
        await second.PushAsync(1, $$"""
            {"hostname": "ssh.example.test", "service": "{{second._origin.Url}}"}, {"hostname": "open.example.test", "service": "{{_origin.Url}}"},
            {"hostname": "new.example.test", "service": "{{second._origin.Url}}"}, {"hostname": "*.example.test", "service": "http_status:418"},
            {"service": "{{_origin.Url}}"}
            """, isWhole: true);

        foreach (var (host, without, with) in new[]
        {
            ("ssh.example.test", 403, 200), ("open.example.test", 200, 200), ("new.example.test", 403, 200), ("any.example.test", 418, 418), ("any", 403, 200),
        })
        {
            Assert.Equal(without, (int)await second.OpenAtAsync(host));
            Assert.Equal(with, (int)await second.OpenAtAsync(host, _key.Sign(Claims)));
        }

        await second.PushAsync(2, $$"""{"hostname": "open.example.test", "service": "{{second._origin.Url}}"}, {"service": "http_status:404"}""", isWhole: true);
        Assert.Equal(403, (int)await second.OpenAtAsync("open.example.test"));
    }

    [Fact]
    public async Task A_machine_without_rules_of_its_own_can_require_a_token_of_all_that_the_edge_sends()
    {
        await using var second = new AccessVerifierTests();
        second._team.Publish(_key);
        await second.StartAsync("originRequest: " + ToYaml($"required: true, teamName: {LoneTeam.Domain}, audTag: [{Audience}]"), isWhole: true);
        await second.PushAsync(1, "");

        await second.AssertRefused(403);
        Assert.Equal(HttpStatusCode.OK, await second.OpenAsync(_key.Sign(Claims)));
    }

    [Theory]
    [InlineData("north", "", "north.cloudflareaccess.com")]
    [InlineData("north", "fed", "north.fed.cloudflareaccess.com")]
    [InlineData("Access.Example.Test", "", "access.example.test")]
    [InlineData("", "", null)]
    [InlineData("a b", "", null)]
    [InlineData("evil.example/", "", null)]
    [InlineData("user@evil.example", "", null)]
    public void A_team_name_is_short_or_a_whole_domain(string name, string environment, string? expected) =>
        Assert.Equal(expected, TeamDomain.Of(new AccessRequirement { TeamName = name, Environment = environment }));

    private JsonObject Claims => new()
    {
        ["aud"] = new JsonArray(Audience),
        ["email"] = "alice@example.com",
        ["exp"] = _clock.GetUtcNow().AddHours(3).ToUnixTimeSeconds(),
        ["iat"] = _clock.GetUtcNow().AddMinutes(-1).ToUnixTimeSeconds(),
        ["nbf"] = _clock.GetUtcNow().AddMinutes(-1).ToUnixTimeSeconds(),
        ["iss"] = "https://" + LoneTeam.Domain,
        ["type"] = "app",
        ["sub"] = "7335d417-61da-459d-899c-0a01c76a2f94",
    };

    private static string ToYaml(string access) => $"{{access: {{{access}}}}}";

    private async ValueTask StartAsync(string access, bool isWhole = false)
    {
        _connector = new TunnelConnector(_edge.Options with
        {
            Configuration = TunnelConfiguration.ParseYaml(
                isWhole ? access : $"ingress: [{{service: '{_origin.Url}', originRequest: {ToYaml(access)}}}]"),
            AccessTeam = _team.Options,
            TimeProvider = _clock,
        });
        await _connector.StartAsync();
        using var limit = new CancellationTokenSource(s_limit);
        await _connector.WaitUntilHealthyAsync(1, limit.Token);
    }

    private async Task AssertRefused(int status, params string[] tokens)
    {
        await Eventually.True(() => _origin.Connections == _opened, "those who were let in have reached it");
        Assert.Equal(status, (int)await OpenAsync(tokens));
        Assert.Equal(_opened, _origin.Connections);
    }

    /// <summary>Rules as the edge sends them.</summary>
    /// <param name="rules">More of the one rule to the service; or all rules.</param>
    private async Task PushAsync(int version, string rules, bool isWhole = false)
    {
        var connection = await _connection.Task.WaitAsync(s_limit);
        rules = isWhole ? rules : $$"""{"service": "{{_origin.Url}}"{{rules}}}""";
        using var response = await connection.SendAsync(StreamHeaders.UpgradeConfiguration,
            new StringContent($$$"""{"version": {{{version}}}, "config": {"ingress": [{{{rules}}}]}}""")).WaitAsync(s_limit);
        var answer = await response.Content.ReadAsStringAsync();
        Assert.Equal(version, JsonNode.Parse(answer)!["lastAppliedVersion"]!.GetValue<int>());
    }

    private Task<HttpStatusCode> OpenAsync(params string[] tokens) => OpenAtAsync(null, tokens);

    private async Task<HttpStatusCode> OpenAtAsync(string? host, params string[] tokens)
    {
        var connection = await _connection.Task.WaitAsync(s_limit);
        using var response = await connection.SendAsync(
            StreamHeaders.UpgradeWebSocket, null,
            headers: [.. tokens.Select(t => ("Cf-Access-Jwt-Assertion", t)), .. host is null ? [] : (IEnumerable<(string, string)>)[("Host", host)]]).WaitAsync(s_limit);
        _opened += response.StatusCode == HttpStatusCode.OK ? 1 : 0;
        return response.StatusCode;
    }

    /// <summary>A clock that goes on only when the test says so; timers are real.</summary>
    private sealed class SteppedClock : TimeProvider
    {
        private readonly DateTimeOffset _start = DateTimeOffset.UtcNow;
        private long _ahead;

        public void Advance(TimeSpan by) => Interlocked.Add(ref _ahead, by.Ticks);

        public override DateTimeOffset GetUtcNow() => _start.AddTicks(Interlocked.Read(ref _ahead));
    }
}
