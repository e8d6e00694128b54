using CsCheck;
using Tunnel.Protocol.Credentials;

namespace Tunnel.Protocol.Tests.Credentials;

public class OriginCertificateTests
{
    // {"zoneID":"z1","accountID":"a1","apiToken":"t1","endpoint":"FED"}
    private const string Sample = """
        -----BEGIN ARGO TUNNEL TOKEN-----
        eyJ6b25lSUQiOiJ6MSIsImFjY291bnRJRCI6ImExIiwiYXBpVG9rZW4iOiJ0MSIs
        ImVuZHBvaW50IjoiRkVEIn0=
        -----END ARGO TUNNEL TOKEN-----
        """;

    private const string Legacy = """
        -----BEGIN PRIVATE KEY-----
        AAAA
        -----END PRIVATE KEY-----
        -----BEGIN CERTIFICATE-----
        AAAA
        -----END CERTIFICATE-----

        """;

    [Fact]
    public void A_certificate_of_cloudflared_is_read() =>
        Assert.Equal(new OriginCertificate("z1", "a1", "t1", "fed"), OriginCertificate.Parse(Sample));

    [Fact]
    public void Blocks_of_old_files_are_skipped() =>
        Assert.Equal("t1", OriginCertificate.Parse(Legacy + Sample + "\n" + Legacy).ApiToken);

    [Fact]
    public void What_is_written_is_read_back() =>
        Gen.Select(Gen.String.AlphaNumeric, Gen.String.AlphaNumeric, Gen.String.AlphaNumeric, Gen.OneOf(null, "fed"))
            .Where((zone, account, token, _) => zone.Length > 0 && account.Length > 0 && token.Length > 0)
            .Sample(
                (zone, account, token, endpoint) =>
                {
                    var certificate = new OriginCertificate(zone, account, token, endpoint);
                    return OriginCertificate.Parse(certificate.ToPem()) == certificate;
                },
                iter: 1_000);

    [Fact]
    public void It_is_a_PEM_block_with_lines_of_64_characters()
    {
        var lines = new OriginCertificate(new string('z', 32), new string('a', 32), new string('t', 40)).ToPem().Split('\n');

        Assert.Equal("-----BEGIN ARGO TUNNEL TOKEN-----", lines[0]);
        Assert.Equal(64, lines[1].Length);
        Assert.Equal("-----END ARGO TUNNEL TOKEN-----", lines[^2]);
        Assert.Equal("", lines[^1]);
    }

    [Theory]
    [InlineData("", "no token")]
    [InlineData(Legacy, "no token")]
    [InlineData(Sample + "\n" + Sample, "more than one")]
    [InlineData("-----BEGIN RSA PRIVATE KEY-----\nAAAA\n-----END RSA PRIVATE KEY-----", "does not belong")]
    [InlineData("-----BEGIN ARGO TUNNEL TOKEN-----\nAAAA\n-----END ARGO TUNNEL TOKEN-----", "JSON")]
    [InlineData("-----BEGIN ARGO TUNNEL TOKEN-----\ne30=\n-----END ARGO TUNNEL TOKEN-----", "zoneID")]
    public void A_refusal_says_what_is_wrong_and_to_log_in_again(string pem, string word)
    {
        var refusal = Assert.Throws<CredentialFormatException>(() => OriginCertificate.Parse(pem));

        Assert.Contains(word, refusal.Message, StringComparison.Ordinal);
        Assert.Contains("log in again", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_token_stays_out_of_texts() =>
        Assert.DoesNotContain("secret-token", new OriginCertificate("z", "a", "secret-token").ToString(), StringComparison.Ordinal);

    [Fact]
    public void Mutated_text_gives_a_certificate_or_the_format_exception() =>
        MutatedText.Of("-BEGIN \nAz0=", Sample, Legacy + Sample).Sample(
            text =>
            {
                try
                {
                    return OriginCertificate.Parse(text).ApiToken.Length > 0;
                }
                catch (CredentialFormatException)
                {
                    return true;
                }
            },
            iter: 10_000);
}
