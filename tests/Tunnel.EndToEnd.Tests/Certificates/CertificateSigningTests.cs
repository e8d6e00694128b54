using System.Globalization;
using System.Text;
using System.Text.Json;
using Tunnel.Access;
using Tunnel.Core.Api;
using Tunnel.Protocol.Ssh;
using Tunnel.Testing;

namespace Tunnel.EndToEnd.Tests.Certificates;

/// <summary>The edge certifies keys of people whom the application lets in, for minutes, and of nobody else.</summary>
public sealed class CertificateSigningTests : CertificateSigning
{
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

    [Fact]
    public async Task A_token_that_counts_only_with_its_cookie_gets_no_certificate_without_it()
    {
        var token = await SignInAsync();
        await _lab.Api.Applications.UpdateAsync(Account, _application with
        {
            Other = new Dictionary<string, JsonElement> { ["enable_binding_cookie"] = JsonElement.Parse("true") },
        });

        AssertRefused(403, "binds its sign-in to the browser", await SignAsync(token));
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

    private static JsonElement Claims(string token) =>
        JsonElement.Parse(System.Buffers.Text.Base64Url.DecodeFromChars(token.Split('.')[1]));

    private static string Encode(string json) => System.Buffers.Text.Base64Url.EncodeToString(Encoding.UTF8.GetBytes(json));
}
