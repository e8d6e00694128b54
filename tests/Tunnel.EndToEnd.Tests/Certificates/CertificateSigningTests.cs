using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Tunnel.Access;
using Tunnel.Core.Api;
using Tunnel.Protocol.Ssh;
using Tunnel.Testing;

namespace Tunnel.EndToEnd.Tests.Certificates;

/// <summary>The edge certifies keys of people whom the application lets in, for minutes, and of nobody else.</summary>
public sealed class CertificateSigningTests : IAsyncLifetime
{
    private const string Hostname = "ssh.example.test";
    private const string Other = "other.example.test";
    private const string Team = "tunnel.cloudflareaccess.test";
    private const string Alice = "alice@example.com";

    private readonly ShiftedTime _time = new();
    private EdgeLab _lab = null!;
    private AccessApplication _application = null!;
    private SshAuthority _authority = null!;

    private string Account => _lab.Edge.AccountId;

    public async ValueTask InitializeAsync()
    {
        _lab = await EdgeLab.StartAsync(_time);
        _application = await _lab.ProtectAsync(Hostname,
            EdgeLab.Policy(AccessDecision.Allow, new EmailDomainRule("example.com")),
            EdgeLab.Policy(AccessDecision.NonIdentity, new AnyValidServiceTokenRule()));
        _authority = await _lab.Api.SshAuthorities.CreateAsync(Account, _application.Id);
    }

    public async ValueTask DisposeAsync()
    {
        if (_lab is not null)
        {
            await _lab.DisposeAsync();
        }
    }

    [Fact]
    public async Task Who_is_let_in_gets_a_certificate_for_minutes_and_for_their_own_name()
    {
        var (status, answer) = await SignAsync(await SignInAsync());

        Assert.Equal(200, status);
        var certificate = SshCertificate.Parse(answer["certificate"]!.GetValue<string>());
        Assert.Equal(SshPublicKey.Parse(_authority.PublicKey!).Fingerprint, certificate.Authority.Fingerprint);
        Assert.Equal(SshPublicKey.Parse(PublicKey).Fingerprint, certificate.Content.Key.Fingerprint);
        Assert.Equal((Alice, Alice), (certificate.Content.KeyId, answer["id"]!.GetValue<string>()));
        Assert.Equal(["alice"], certificate.Content.Principals);
        Assert.Empty(certificate.Content.CriticalOptions);
        Assert.Equal(SshCertificateContent.UsualExtensions, certificate.Content.Extensions);
        var now = _time.GetUtcNow();
        Assert.InRange(certificate.Content.ValidAfter, now.AddMinutes(-2), now);
        Assert.InRange(certificate.Content.ValidBefore, now.AddMinutes(2), now.AddMinutes(3));
        Assert.Equal(certificate.Content.ValidBefore, DateTimeOffset.Parse(answer["expires_at"]!.GetValue<string>(), CultureInfo.InvariantCulture));
    }

    [Fact]
    public async Task Every_certificate_has_a_number_of_its_own_and_stands_in_the_log()
    {
        var token = await SignInAsync();
        var serials = new HashSet<ulong>();
        for (var i = 0; i < 5; i++)
        {
            serials.Add(SshCertificate.Parse((await SignAsync(token)).Answer["certificate"]!.GetValue<string>()).Content.Serial);
        }

        Assert.Equal(5, serials.Count);
        var entries = await LogAsync();
        Assert.All(entries, e => Assert.Equal((true, Alice, Hostname), (e.Allowed, e.UserEmail, e.AppDomain)));
        Assert.Equal(serials.Order(), entries.Select(e => ulong.Parse(e.Reason!.Split(' ')[2], CultureInfo.InvariantCulture)).Order());
    }

    [Fact]
    public async Task A_certificate_does_not_outlive_the_token_that_it_was_asked_for_with()
    {
        await _lab.Api.Applications.UpdateAsync(Account, _application with { SessionDuration = "15m" });
        var token = await SignInAsync();
        var expires = DateTimeOffset.FromUnixTimeSeconds(Claims(token).GetProperty("exp").GetInt64());
        _time.By += TimeSpan.FromMinutes(14);

        var certificate = SshCertificate.Parse((await SignAsync(token)).Answer["certificate"]!.GetValue<string>());

        Assert.Equal(expires, certificate.Content.ValidBefore);
        _time.By += TimeSpan.FromMinutes(1);
        AssertRefused(401, "expired", await SignAsync(token));
    }

    [Theory]
    [InlineData("forged")]
    [InlineData("none")]
    [InlineData("empty")]
    [InlineData("organisation")]
    [InlineData("metadata")]
    public async Task What_is_no_token_of_an_application_is_refused(string what)
    {
        using var browser = new PersonBrowser(_lab);
        var token = await browser.SignInAsync(Hostname, Alice);
        var parts = token.Split('.');
        var metadata = await MetadataAsync();

        var answer = await SignAsync(what switch
        {
            "forged" => $"{parts[0]}.{parts[1]}.{new string(parts[2].Reverse().ToArray())}",
            "none" => $"{Encode("""{"alg":"none","typ":"JWT"}""")}.{parts[1]}.",
            "organisation" => browser.Token(Team),
            "metadata" => metadata,
            _ => "",
        });

        AssertRefused(401, "", answer);
        var entry = Assert.Single(await LogAsync());
        Assert.False(entry.Allowed);
        Assert.DoesNotContain(parts[1], entry.Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("session")]
    [InlineData("application")]
    [InlineData("policy")]
    [InlineData("authority")]
    [InlineData("deleted application")]
    public async Task What_is_taken_away_signs_nothing_any_more(string what)
    {
        var token = await SignInAsync();
        Assert.Equal(200, (await SignAsync(token)).Status);
        var user = await _lab.Api.Users.ListAsync(Account).SingleAsync();
        var session = await _lab.Api.Users.ListSessionsAsync(Account, user.Id).SingleAsync();
        var policy = await _lab.Api.Policies.ListAsync(Account, _application.Id).FirstAsync();

        await (what switch
        {
            "session" => _lab.Api.Users.RevokeSessionAsync(Account, user.Id, session.Metadata!.Nonce!),
            "application" => _lab.Api.Users.RevokeApplicationAsync(Account, _application.Id),
            "policy" => _lab.Api.Policies.DeleteAsync(Account, _application.Id, policy.Id),
            "authority" => _lab.Api.SshAuthorities.DeleteAsync(Account, _application.Id),
            _ => _lab.Api.Applications.DeleteAsync(Account, _application.Id),
        });

        AssertRefused(what switch { "policy" => 403, "authority" => 404, _ => 401 }, "", await SignAsync(token));
    }

    [Fact]
    public async Task A_token_of_one_application_never_gets_a_certificate_of_another()
    {
        var other = await _lab.ProtectAsync(Other, EdgeLab.Policy(AccessDecision.Allow, new EmailRule(Alice)));
        var token = await SignInAsync(Other);
        AssertRefused(404, "no authority", await SignAsync(token));
        var authority = await _lab.Api.SshAuthorities.CreateAsync(Account, other.Id);

        var certificate = SshCertificate.Parse((await SignAsync(token)).Answer["certificate"]!.GetValue<string>());

        Assert.Equal(SshPublicKey.Parse(authority.PublicKey!).Fingerprint, certificate.Authority.Fingerprint);
        Assert.NotEqual(SshPublicKey.Parse(_authority.PublicKey!).Fingerprint, certificate.Authority.Fingerprint);
    }

    [Fact]
    public async Task A_machine_has_no_name_to_be_certified_for()
    {
        var machine = await _lab.Api.ServiceTokens.CreateAsync(Account, "machine");
        await _lab.PublishAsync(Hostname, "http_status:404", connections: 1);
        using var http = _lab.Browser();
        using var request = new HttpRequestMessage(HttpMethod.Get, $"https://{Hostname}/");
        request.Headers.Add("Cf-Access-Client-Id", machine.ClientId);
        request.Headers.Add("Cf-Access-Client-Secret", machine.ClientSecret);
        using var response = await http.SendAsync(request);
        var token = response.Headers.GetValues("Set-Cookie").Single(c => c.StartsWith("CF_Authorization=", StringComparison.Ordinal)).Split('=', ';')[1];

        AssertRefused(403, "service token", await SignAsync(token));
        Assert.Equal("machine", Assert.Single(await LogAsync()).ServiceTokenName);
    }

    [Theory]
    [InlineData("")]
    [InlineData("ssh-rsa AAAA")]
    [InlineData("ssh-dss AAAAB3NzaC1kc3MAAAABAQAAAAEBAAAAAQEAAAABAQ==")]
    [InlineData("ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAEBxFCrPGuVuYeyzFgaMqz1U=")]
    public async Task A_key_that_is_none_or_weak_is_refused(string key) =>
        AssertRefused(400, "", await SignAsync(await SignInAsync(), key));

    [Theory]
    [InlineData(1024, 400)]
    [InlineData(2048, 200)]
    public async Task An_RSA_key_needs_2048_bits(int bits, int status)
    {
        using var rsa = RSA.Create(bits);
        var numbers = rsa.ExportParameters(false);
        var blob = Convert.ToBase64String(
            [.. Field("ssh-rsa"u8.ToArray()), .. Field(numbers.Exponent!), .. Field([0, .. numbers.Modulus!])]);

        Assert.Equal(status, (await SignAsync(await SignInAsync(), "ssh-rsa " + blob)).Status);

        static byte[] Field(byte[] value) => [0, 0, (byte)(value.Length >> 8), (byte)value.Length, .. value];
    }

    [Theory]
    [InlineData("not json", "application/json")]
    [InlineData("[]", "application/json")]
    [InlineData("""{"public_key":1,"jwt":2}""", "application/json")]
    [InlineData("""{"public_key":"a"}""", "application/json")]
    [InlineData("""{"public_key":"a","jwt":"b","jwt":"c"}""", "application/json")]
    [InlineData("""{"public_key":"\ud800","jwt":"b"}""", "application/json")]
    [InlineData("""{"public_key":"a","jwt":"b","issuer":"https://elsewhere.test"}""", "application/json")]
    [InlineData("""{"public_key":"a","jwt":"b"}""", "text/plain")]
    public async Task A_body_that_is_no_request_is_refused(string body, string type) => AssertRefused(400, "", await PostAsync(body, type));

    [Fact]
    public async Task A_body_that_is_too_large_is_refused() => AssertRefused(
        400, "", await PostAsync($$"""{"public_key":"a","jwt":"{{new string('b', 40_000)}}"}""", "application/json"));

    [Fact]
    public async Task It_is_served_at_the_team_domain_and_for_POST_only()
    {
        using var http = _lab.Browser();
        using var content = new StringContent("{}", Encoding.UTF8, "application/json");
        using var elsewhere = await http.PostAsync(new Uri($"https://{Hostname}/cdn-cgi/access/cert_sign"), content);
        using var read = await http.GetAsync(new Uri($"https://{Team}/cdn-cgi/access/cert_sign"));

        Assert.Equal((HttpStatusCode.NotFound, HttpStatusCode.NotFound), (elsewhere.StatusCode, read.StatusCode));
    }

    [Theory]
    [InlineData("a b@example.com")]
    [InlineData("-oProxyCommand=x@example.com")]
    public async Task An_address_that_makes_no_user_name_gets_none(string email)
    {
        using var browser = new PersonBrowser(_lab);
        string token;
        try
        {
            token = await browser.SignInAsync(Hostname, email);
        }
        catch (Exception error) when (error is InvalidOperationException or Xunit.Sdk.XunitException)
        {
            return; // The sign-in takes no such address: as good.
        }

        AssertRefused(403, "user name", await SignAsync(token));
    }

    private static string PublicKey { get; } = MakeKey();

    private static string MakeKey()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return SshPublicKey.From(key.ExportParameters(includePrivateParameters: false)).ToString();
    }

    private async Task<string> SignInAsync(string hostname = Hostname)
    {
        using var browser = new PersonBrowser(_lab);
        return await browser.SignInAsync(hostname, Alice);
    }

    private Task<(int Status, JsonObject Answer)> SignAsync(string token, string? key = null) => PostAsync(new JsonObject
    {
        ["public_key"] = (key ?? PublicKey) + "\n", ["jwt"] = token, ["issuer"] = "https://" + Team,
    }.ToJsonString(), "application/json");

    private async Task<(int Status, JsonObject Answer)> PostAsync(string body, string type)
    {
        using var http = _lab.Browser();
        using var content = new StringContent(body, Encoding.UTF8, type);
        using var response = await http.PostAsync(new Uri($"https://{Team}/cdn-cgi/access/cert_sign"), content);
        Assert.Equal("application/json", response.Content.Headers.ContentType!.MediaType);
        Assert.True(response.Headers.CacheControl!.NoStore);
        return ((int)response.StatusCode, (JsonObject)JsonNode.Parse(await response.Content.ReadAsStringAsync())!);
    }

    private async Task<string> MetadataAsync()
    {
        using var http = _lab.Browser();
        using var request = new HttpRequestMessage(HttpMethod.Head, $"https://{Hostname}/");
        request.Headers.Add("Cf-Access-Metadata-Request", "true");
        using var response = await http.SendAsync(request);
        return response.Headers.GetValues("Cf-Access-Metadata").Single();
    }

    private async Task<AccessLogEntry[]> LogAsync()
    {
        var entries = await _lab.Api.AccessLog.GetAsync(Account, new AccessLogFilter(), 100);
        return [.. entries.Where(e => e.Action == "ssh_certificate")];
    }

    private static void AssertRefused(int status, string says, (int Status, JsonObject Answer) answer)
    {
        Assert.Equal((status, status), (answer.Status, answer.Answer["status"]!.GetValue<int>()));
        Assert.Contains(says, answer.Answer["message"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.False(answer.Answer.ContainsKey("certificate"));
    }

    private static JsonElement Claims(string token) =>
        JsonElement.Parse(System.Buffers.Text.Base64Url.DecodeFromChars(token.Split('.')[1]));

    private static string Encode(string json) => System.Buffers.Text.Base64Url.EncodeToString(Encoding.UTF8.GetBytes(json));

    private sealed class ShiftedTime : TimeProvider
    {
        public TimeSpan By { get; set; }

        public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + By;
    }
}
