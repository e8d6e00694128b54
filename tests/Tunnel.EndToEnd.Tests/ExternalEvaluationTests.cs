using System.Net;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using Tunnel.Access;
using Tunnel.Core.Api;
using Tunnel.Edge;
using Tunnel.Testing;

namespace Tunnel.EndToEnd.Tests;

/// <summary>Policies that ask an endpoint of the account's owner, and believe only what its key has signed for this question.</summary>
public sealed class ExternalEvaluationTests : IAsyncLifetime
{
    private const string Hostname = "asked.example.test";
    private static readonly HttpStatusCode s_letIn = (HttpStatusCode)418;

    private EvaluationServer _server = null!;
    private EdgeLab _lab = null!;
    private ServiceToken _token = null!;

    public async ValueTask InitializeAsync()
    {
        _server = await EvaluationServer.StartAsync();
        await StartAsync(options => options);
    }

    public async ValueTask DisposeAsync()
    {
        await _lab.DisposeAsync();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task A_machine_gets_in_if_the_endpoint_says_so()
    {
        await ProtectAsync(Ask());

        Assert.Equal(s_letIn, await VisitAsync());
        var question = Assert.Single(_server.Questions);
        Assert.Equal(_token.ClientId, question.GetProperty("identity").GetProperty("common_name").GetString());
        Assert.Equal("127.0.0.1", question.GetProperty("identity").GetProperty("ip").GetString());
    }

    [Fact]
    public async Task And_stays_out_if_it_does_not()
    {
        _server.Judge = _ => false;
        await ProtectAsync(Ask());

        Assert.Equal(HttpStatusCode.Forbidden, await VisitAsync());
    }

    [Fact]
    public async Task The_question_is_signed_by_the_edge_for_a_minute_and_its_answer_counts_for_a_while()
    {
        await ProtectAsync(Ask());
        await VisitAsync();
        await VisitAsync();

        using var http = _lab.Browser();
        var keys = new JsonWebKeySet(await http.GetStringAsync("https://tunnel.cloudflareaccess.test/cdn-cgi/access/certs"));
        var result = await new JsonWebTokenHandler().ValidateTokenAsync(Assert.Single(_server.Tokens), new TokenValidationParameters
        {
            IssuerSigningKeys = keys.GetSigningKeys(),
            ValidIssuer = "https://tunnel.cloudflareaccess.test",
            ValidateAudience = false,
        });
        Assert.True(result.IsValid, result.Exception?.ToString());
        Assert.InRange(result.SecurityToken.ValidTo - DateTime.UtcNow, TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(61));
    }

    [Fact]
    public async Task A_person_is_judged_after_the_sign_in_and_not_before()
    {
        _server.Judge = identity => identity.GetProperty("email").GetString() == "alice@example.com";
        await ProtectAsync(EdgeLab.Policy(AccessDecision.Allow, new ExternalEvaluationRule(_server.EvaluateUrl, _server.KeysUrl)));
        using var alice = new PersonBrowser(_lab);
        var login = await alice.GetAsync($"https://{Hostname}/");
        Assert.Equal(302, login.Status);
        Assert.Empty(_server.Questions);

        var token = await alice.SignInAsync(Hostname, "alice@example.com");

        Assert.Equal(s_letIn, await VisitAsync(("Cf-Access-Token", token)));
        var question = Assert.Single(_server.Questions);
        Assert.Equal("onetimepin", question.GetProperty("identity").GetProperty("idp").GetProperty("type").GetString());
        using var bob = new PersonBrowser(_lab);
        var refused = await bob.EnterPinAsync(await bob.OpenLoginAsync(Hostname), "bob@example.com");
        Assert.Equal(403, refused.Status);
    }

    [Fact]
    public async Task Strangers_make_the_edge_call_nobody()
    {
        await ProtectAsync(Ask() with { Decision = AccessDecision.Bypass });

        Assert.Equal(HttpStatusCode.Found, await VisitAsync(("X-Nothing", "at all")));
        Assert.Equal(HttpStatusCode.Forbidden, await VisitAsync(("CF-Access-Client-Id", "a"), ("CF-Access-Client-Secret", "b")));
        Assert.Empty(_server.Questions);
    }

    public static TheoryData<string> BadAnswers => [.. s_badAnswers.Keys];

    private static readonly Dictionary<string, Func<EvaluationServer, HttpContext, JsonElement, Task>> s_badAnswers = new()
    {
        ["wrong nonce"] = (server, http, q) => EvaluationServer.WriteAsync(http, server.Sign(q, c => c["nonce"] = new string('0', 32))),
        ["no nonce"] = (server, http, q) => EvaluationServer.WriteAsync(http, server.Sign(q, c => c.Remove("nonce"))),
        ["expired"] = (server, http, q) => EvaluationServer.WriteAsync(http, server.Sign(q, c => c["exp"] = (long)c["iat"]! - 3600)),
        ["no end"] = (server, http, q) => EvaluationServer.WriteAsync(http, server.Sign(q, c => c.Remove("exp"))),
        ["not yet"] = (server, http, q) => EvaluationServer.WriteAsync(http, server.Sign(q, c => c["nbf"] = (long)c["iat"]! + 3600)),
        ["text for true"] = (server, http, q) => EvaluationServer.WriteAsync(http, server.Sign(q, c => c["success"] = "true")),
        ["number for true"] = (server, http, q) => EvaluationServer.WriteAsync(http, server.Sign(q, c => c["success"] = 1)),
        ["no success"] = (server, http, q) => EvaluationServer.WriteAsync(http, server.Sign(q, c => c.Remove("success"))),
        ["another key of that name"] = (server, http, q) => EvaluationServer.WriteAsync(
            http, server.Sign(q, key: new RsaSecurityKey(RSA.Create(2048)) { KeyId = server.Key.KeyId })),
        ["an unknown key"] = (server, http, q) => EvaluationServer.WriteAsync(
            http, server.Sign(q, key: new RsaSecurityKey(RSA.Create(2048)) { KeyId = "two" })),
        ["the public key as a secret"] = (server, http, q) => EvaluationServer.WriteAsync(http, server.Sign(
            q, key: new SymmetricSecurityKey(server.Key.Rsa.ExportSubjectPublicKeyInfo()) { KeyId = server.Key.KeyId }, algorithm: "HS256")),
        ["alg none"] = (server, http, q) =>
        {
            var parts = JsonNode.Parse(server.Sign(q))!["token"]!.GetValue<string>().Split('.');
            return EvaluationServer.WriteAsync(http, new JsonObject
            {
                ["token"] = $"{Base64UrlEncoder.Encode("""{"alg":"none","kid":"one"}""")}.{parts[1]}.",
            }.ToJsonString());
        },
        ["the question sent back"] = (server, http, _) =>
            EvaluationServer.WriteAsync(http, new JsonObject { ["token"] = server.Tokens[^1] }.ToJsonString()),
        ["not signed at all"] = (_, http, _) => EvaluationServer.WriteAsync(http, """{"success":true}"""),
        ["no JSON"] = (_, http, _) => EvaluationServer.WriteAsync(http, "yes"),
        ["JSON of another kind"] = (_, http, _) => EvaluationServer.WriteAsync(http, """["token"]"""),
        ["too much"] = (server, http, q) =>
            EvaluationServer.WriteAsync(http, server.Sign(q) + new string(' ', 1024 * 1024)),
        ["a redirect"] = (_, http, _) =>
        {
            http.Response.Redirect("/evaluate?again", permanent: false, preserveMethod: true);
            return Task.CompletedTask;
        },
        ["an error with the right token"] = (server, http, q) =>
        {
            http.Response.StatusCode = 403;
            return EvaluationServer.WriteAsync(http, server.Sign(q));
        },
        ["nothing for a long time"] = (_, http, _) => Task.Delay(Timeout.Infinite, http.RequestAborted)
            .ContinueWith(_ => { }, TaskScheduler.Default),
    };

    [Theory]
    [MemberData(nameof(BadAnswers))]
    public async Task An_answer_that_does_not_hold_is_none(string kind)
    {
        _server.Answer = (http, question) => s_badAnswers[kind](_server, http, question);
        await ProtectAsync(Ask());

        Assert.Equal(HttpStatusCode.Forbidden, await VisitAsync());
        Assert.Single(_server.Questions);
        var log = await _lab.Api.AccessLog.GetAsync(_lab.Edge.AccountId, new AccessLogFilter(), limit: 1);
        Assert.Contains("gave no answer that holds", log[0].Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nor_does_it_save_from_being_excluded_or_denied()
    {
        _server.Answer = (http, _) => EvaluationServer.WriteAsync(http, "{}");
        await ProtectAsync(
            EdgeLab.Policy(AccessDecision.NonIdentity, new AnyValidServiceTokenRule()) with
            {
                Exclude = [new ExternalEvaluationRule(_server.EvaluateUrl, _server.KeysUrl)],
            });

        Assert.Equal(HttpStatusCode.Forbidden, await VisitAsync());
    }

    [Fact]
    public async Task A_new_key_of_the_endpoint_is_found()
    {
        await ProtectAsync(Ask());
        Assert.Equal(s_letIn, await VisitAsync());
        _server.Key = new RsaSecurityKey(RSA.Create(2048)) { KeyId = "new" };
        var other = await _lab.Api.ServiceTokens.CreateAsync(_lab.Edge.AccountId, "other");
        _time.Advance(TimeSpan.FromSeconds(20));

        Assert.Equal(s_letIn, await VisitAsync(("CF-Access-Client-Id", other.ClientId!), ("CF-Access-Client-Secret", other.ClientSecret!)));
    }

    [Fact]
    public async Task An_endpoint_on_the_edges_own_machine_is_not_called_unless_that_is_said()
    {
        await _lab.DisposeAsync();
        await StartAsync(options => options with { AllowLoopbackEvaluation = false });
        await ProtectAsync(Ask());

        Assert.Equal(HttpStatusCode.Forbidden, await VisitAsync());
        Assert.Empty(_server.Questions);
    }

    [Fact]
    public async Task An_endpoint_whose_certificate_nobody_vouches_for_is_not_asked()
    {
        await _lab.DisposeAsync();
        await StartAsync(options => options with { ExternalEvaluationAuthorities = null });
        await ProtectAsync(Ask());

        Assert.Equal(HttpStatusCode.Forbidden, await VisitAsync());
        Assert.Empty(_server.Questions);
    }

    private SteppedTime _time = null!;

    private async Task StartAsync(Func<EdgeOptions, EdgeOptions> configure)
    {
        _time = new SteppedTime();
        _lab = await EdgeLab.StartAsync(_time, options => configure(options with
        {
            AllowLoopbackEvaluation = true, ExternalEvaluationAuthorities = [_server.Certificate],
        }));
        _token = await _lab.Api.ServiceTokens.CreateAsync(_lab.Edge.AccountId, "machine");
    }

    private AccessPolicyResource Ask() => EdgeLab.Policy(AccessDecision.NonIdentity, new ExternalEvaluationRule(_server.EvaluateUrl, _server.KeysUrl));

    private async Task ProtectAsync(params AccessPolicyResource[] policies)
    {
        await _lab.ProtectAsync(Hostname, policies);
        await _lab.PublishAsync(Hostname, "http_status:418", connections: 1);
    }

    private async Task<HttpStatusCode> VisitAsync(params (string Name, string Value)[] headers)
    {
        using var http = _lab.Browser();
        using var request = new HttpRequestMessage(HttpMethod.Get, $"https://{Hostname}/");
        foreach (var (name, value) in headers.Length > 0 ? headers
            : [("CF-Access-Client-Id", _token.ClientId!), ("CF-Access-Client-Secret", _token.ClientSecret!)])
        {
            request.Headers.Add(name, value);
        }

        using var response = await http.SendAsync(request);
        return response.StatusCode;
    }

    /// <summary>The real time, and then some.</summary>
    private sealed class SteppedTime : TimeProvider
    {
        private long _ahead;

        public void Advance(TimeSpan by) => Interlocked.Add(ref _ahead, by.Ticks);

        public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + new TimeSpan(Interlocked.Read(ref _ahead));
    }
}
