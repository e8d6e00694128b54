using System.Net;
using System.Security.Cryptography;
using System.Text;
using Tunnel.Testing;

namespace Tunnel.EndToEnd.Tests.Certificates;

/// <summary>Which requests for a certificate the edge takes, whoever sends them.</summary>
public sealed class CertificateRequestTests : CertificateSigning
{
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
}
