using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Tunnel.Access;
using Tunnel.Core.Api;
using Tunnel.Testing;

namespace Tunnel.EndToEnd.Tests.Adversary;

/// <summary>
/// Tokens that are forged, swapped, replayed, out of time or of another kind: in the header and in the cookie, none opens
/// anything, and the service sees nothing.
/// </summary>
public sealed class TokenTests(AdversaryLab lab) : IClassFixture<AdversaryLab>
{
    private const string Host = AdversaryLab.Hostname;

    [Fact]
    public async Task The_token_itself_opens_the_door()
    {
        var token = await lab.MachineTokenAsync(Host, lab.Machine);

        Assert.Equal(101, await ShowAsync("Cf-Access-Token: " + token));
        Assert.Equal(101, await ShowAsync("Cookie: CF_Authorization=" + token));
    }

    [Theory]
    [InlineData("exp", "1000000000")]
    [InlineData("exp", "-1")]
    [InlineData("exp", "\"9999999999\"")]
    [InlineData("exp", "1e400")]
    [InlineData("exp", null)]
    [InlineData("nbf", "9999999999")]
    [InlineData("iat", "9999999999")]
    [InlineData("iat", null)]
    [InlineData("aud", "[]")]
    [InlineData("aud", "\"*\"")]
    [InlineData("aud", "[\"0000000000000000000000000000000000000000000000000000000000000000\"]")]
    [InlineData("aud", "{}")]
    [InlineData("aud", null)]
    [InlineData("iss", "\"https://evil.example\"")]
    [InlineData("iss", "\"https://tunnel.cloudflareaccess.test/\"")]
    [InlineData("iss", "\"https://tunnel.cloudflareaccess.test.evil.example\"")]
    [InlineData("iss", null)]
    [InlineData("type", "\"org\"")]
    [InlineData("type", "\"match\"")]
    [InlineData("type", null)]
    [InlineData("common_name", "\"\"")]
    [InlineData("common_name", "\"00000000000000000000000000000000.access\"")]
    [InlineData("common_name", null)]
    [InlineData("identity_nonce", "\"0000000000000000\"")]
    [InlineData("identity_nonce", null)]
    public async Task Even_the_teams_own_signature_does_not_help_a_wrong_claim(string claim, string? value)
    {
        var token = await lab.MachineTokenAsync(Host, lab.Machine);
        using var key = TokenSigner.OfEdge(lab.Lab, token);
        var claims = TokenSigner.ClaimsOf(token);
        claims.Remove(claim);
        if (value is not null)
        {
            claims[claim] = JsonNode.Parse(value);
        }

        await AssertRefusedAsync(key.Sign(claims));
    }

    [Fact]
    public async Task No_algorithm_and_no_key_in_the_header_replaces_the_teams()
    {
        var token = await lab.MachineTokenAsync(Host, lab.Machine);
        var (claims, header) = (TokenSigner.ClaimsOf(token), TokenSigner.HeaderOf(token));
        using var real = TokenSigner.OfEdge(lab.Lab, token);
        using var thief = new TokenSigner(header["kid"]!.GetValue<string>());
        var modulus = real.Key.ExportParameters(false).Modulus!;
        var pem = Encoding.ASCII.GetBytes(real.Key.ExportSubjectPublicKeyInfoPem());
        var jwk = new JsonObject
        {
            ["kty"] = "RSA", ["e"] = "AQAB",
            ["n"] = System.Buffers.Text.Base64Url.EncodeToString(thief.Key.ExportParameters(false).Modulus!),
        };
        JsonObject With(params (string Name, JsonNode? Value)[] members)
        {
            var changed = (JsonObject)header.DeepClone();
            foreach (var (name, value) in members)
            {
                changed[name] = value?.DeepClone();
            }

            return changed;
        }

        JsonObject Renamed(JsonObject of)
        {
            var changed = (JsonObject)of.DeepClone();
            changed["common_name"] = lab.OtherMachine.ClientId;
            return changed;
        }

        string[] forged =
        [
            thief.Sign(claims),
            thief.Sign(claims, With(("kid", "another"))),
            thief.Sign(claims, With(("kid", ""))),
            thief.Sign(claims, With(("kid", "../../../../dev/null"))),
            thief.Sign(claims, With(("kid", "' OR 1=1 --"))),
            thief.Sign(claims, With(("kid", new JsonArray(header["kid"]!.GetValue<string>())))),
            thief.Sign(claims, With(("jwk", jwk))),
            thief.Sign(claims, With(("jku", "https://evil.example/keys"))),
            thief.Sign(claims, With(("x5u", "https://evil.example/cert"))),
            thief.Sign(claims, With(("x5c", new JsonArray("MIIB")))),
            thief.Sign(claims, With(("x5t", "AAAA"))),
            real.Sign(claims, With(("crit", new JsonArray("exp")))),
            real.Sign(claims, With(("zip", "DEF"), ("crit", new JsonArray("zip")))),
            real.Sign(claims, With(("alg", "RS384"))),
            TokenSigner.Sign(claims, With(("alg", "none")), _ => []),
            TokenSigner.Sign(claims, With(("alg", "nOnE")), _ => []),
            TokenSigner.Sign(claims, With(("alg", "")), _ => []),
            TokenSigner.Sign(claims, With(("alg", null)), _ => []),
            TokenSigner.Sign(claims, With(("alg", "HS256")), bytes => HMACSHA256.HashData(modulus, bytes)),
            TokenSigner.Sign(claims, With(("alg", "HS256")), bytes => HMACSHA256.HashData(pem, bytes)),
            TokenSigner.Sign(claims, header, bytes => HMACSHA256.HashData(pem, bytes)),
            TokenSigner.Sign(claims, header, _ => []),
            TokenSigner.Sign(claims, header, _ => new byte[256]),
            thief.Sign(Renamed(claims)).Split('.') is var other ? $"{token.Split('.')[0]}.{other[1]}.{token.Split('.')[2]}" : "",
            token[..^1], token + "A", token + ".", "." + token, token.Replace(".", "..", StringComparison.Ordinal),
            token + "=", token.ToUpperInvariant(), string.Join('.', token.Split('.').Reverse()), new string('A', 20_000),
        ];

        foreach (var forgery in forged)
        {
            await AssertRefusedAsync(forgery);
        }
    }

    [Fact]
    public async Task A_token_of_one_application_is_none_of_another()
    {
        var token = await lab.MachineTokenAsync(AdversaryLab.Other, lab.OtherMachine);

        await AssertRefusedAsync(token);
    }

    [Fact]
    public async Task A_service_token_of_another_application_opens_nothing()
    {
        await AssertRefusedAsync(lab.OtherMachine, lab.OtherMachine.ClientSecret!);
        await AssertRefusedAsync(lab.Machine, lab.OtherMachine.ClientSecret!);
        await AssertRefusedAsync(lab.OtherMachine, lab.Machine.ClientSecret!);
        await AssertRefusedAsync(lab.Machine, "");
        await AssertRefusedAsync(lab.Machine, lab.Machine.ClientSecret![..^1]);
        await AssertRefusedAsync(lab.Machine, lab.Machine.ClientSecret!.ToUpperInvariant() + " ");
    }

    [Theory]
    [InlineData("disabled")]
    [InlineData("rotated")]
    [InlineData("deleted")]
    public async Task A_service_token_that_is_no_more_opens_nothing_nor_does_what_it_earned(string how)
    {
        var host = how + ".example.test";
        var machine = await lab.Lab.Api.ServiceTokens.CreateAsync(lab.Account, how);
        await lab.Lab.ProtectAsync(host, EdgeLab.Policy(AccessDecision.NonIdentity, new AnyValidServiceTokenRule()));
        await lab.Lab.PublishAsync(host, lab.Origin.Url, connections: 1);
        var token = await lab.MachineTokenAsync(host, machine);
        using var api = lab.Lab.ApiHttp();
        var path = $"accounts/{lab.Account}/access/service_tokens/{machine.Id}";
        using var response = how switch
        {
            "disabled" => await api.PutAsync(new Uri(path, UriKind.Relative), Json("""{"name":"disabled","enabled":false}""")),
            "rotated" => await api.PostAsync(new Uri(path + "/rotate", UriKind.Relative), Json("{}")),
            _ => await api.DeleteAsync(new Uri(path, UriKind.Relative)),
        };
        Assert.True(response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync());

        await AssertRefusedAsync(token, host);
        await AssertRefusedAsync(machine, machine.ClientSecret!, host);
    }

    [Fact]
    public async Task Tokens_of_other_kinds_open_no_application()
    {
        using var person = new PersonBrowser(lab.Lab);
        var application = await person.SignInAsync(Host, AdversaryLab.Alice);
        Assert.Equal(101, await ShowAsync("Cf-Access-Token: " + application));

        await AssertRefusedAsync(person.Token(AdversaryLab.Team));
        await AssertRefusedAsync(await MetadataAsync());
        using var key = TokenSigner.OfEdge(lab.Lab, application);
        var renamed = TokenSigner.ClaimsOf(await MetadataAsync());
        renamed["iss"] = "https://" + AdversaryLab.Team;
        await AssertRefusedAsync(key.Sign(renamed)); // were it not for the issuer, its kind would tell
    }

    [Fact]
    public async Task An_applications_token_or_the_metadata_is_no_sign_in_at_the_team_domain()
    {
        using var person = new PersonBrowser(lab.Lab);
        var application = await person.SignInAsync(Host, AdversaryLab.Alice);
        foreach (var token in (string[])[application, await MetadataAsync(), await lab.MachineTokenAsync(Host, lab.Machine)])
        {
            using var thief = new PersonBrowser(lab.Lab);
            thief.Cookies.Add(new Uri($"https://{AdversaryLab.Team}/"), new System.Net.Cookie("CF_Authorization", token));

            var page = await lab.AssertUnseen(() => thief.OpenLoginAsync(AdversaryLab.Other));

            Assert.Equal(200, page.Status); // asked who they are, not sent on
            Assert.Equal(400, (await thief.GetAsync($"https://{AdversaryLab.Team}/cdn-cgi/access/get-identity")).Status);
        }
    }

    [Theory]
    [InlineData("revoked")]
    [InlineData("signed out")]
    public async Task A_token_is_not_replayed_after_its_session(string how)
    {
        using var person = new PersonBrowser(lab.Lab);
        var token = await person.SignInAsync(Host, "carol@example.com");
        var organization = person.Token(AdversaryLab.Team);
        await (how == "revoked" ? lab.Lab.Api.Users.RevokeUserAsync(lab.Account, "carol@example.com")
            : person.GetAsync($"https://{Host}/cdn-cgi/access/logout"));

        await AssertRefusedAsync(token);
        using var thief = new PersonBrowser(lab.Lab);
        thief.Cookies.Add(new Uri($"https://{AdversaryLab.Team}/"), new System.Net.Cookie("CF_Authorization", organization));
        Assert.Equal(200, (await thief.OpenLoginAsync(Host)).Status);
    }

    [Fact]
    public async Task A_token_survives_neither_its_application_nor_a_new_one_of_the_same_host()
    {
        const string host = "again.example.test";
        var machine = await lab.Lab.Api.ServiceTokens.CreateAsync(lab.Account, "again");
        var first = await lab.Lab.ProtectAsync(host, EdgeLab.Policy(AccessDecision.NonIdentity, new ServiceTokenRule(machine.Id)));
        await lab.Lab.PublishAsync(host, lab.Origin.Url, connections: 1);
        var token = await lab.MachineTokenAsync(host, machine);
        await lab.Lab.Api.Applications.DeleteAsync(lab.Account, first.Id);
        await lab.Lab.ProtectAsync(host, EdgeLab.Policy(AccessDecision.NonIdentity, new ServiceTokenRule(machine.Id)));

        await AssertRefusedAsync(token, host);
    }

    private static StringContent Json(string text) => new(text, Encoding.UTF8, "application/json");

    private async Task<string> MetadataAsync()
    {
        using var browser = lab.Lab.Browser();
        using var request = new HttpRequestMessage(HttpMethod.Head, $"https://{Host}/") { Headers = { { "cf-access-metadata-request", "true" } } };
        using var response = await browser.SendAsync(request);
        return response.Headers.GetValues("cf-access-metadata").Single();
    }

    private Task<int> ShowAsync(string header, string host = Host) => RawVisitor.SendAsync(
        lab.Lab, host, $"GET / HTTP/1.1\r\nHost: {host}\r\n{header}\r\n{RawVisitor.Upgrade}\r\n");

    private async Task AssertRefusedAsync(string token, string host = Host)
    {
        foreach (var header in (string[])["Cf-Access-Token: ", "Cookie: CF_Authorization="])
        {
            var status = await lab.AssertUnseen(() => ShowAsync(header + token, host));
            Assert.True(status is 302 or 401 or 403 or 431, $"{header}{token}: {status}");
        }
    }

    private async Task AssertRefusedAsync(ServiceToken machine, string secret, string host = Host)
    {
        var status = await lab.AssertUnseen(
            () => ShowAsync($"CF-Access-Client-Id: {machine.ClientId}\r\nCF-Access-Client-Secret: {secret}", host));
        Assert.Equal(403, status);
    }
}
