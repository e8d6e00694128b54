using System.Text;
using CsCheck;
using Tunnel.Protocol.Credentials;

namespace Tunnel.Protocol.Tests.Credentials;

public class TunnelCredentialsTests
{
    // The secret is the text 0123456789abcdef twice.
    private const string Sample = """
        {"AccountTag":"0123456789abcdef0123456789abcdef","TunnelSecret":"MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=","TunnelID":"6ff42ae2-765d-4adf-8112-31c55c1551ef","Endpoint":""}
        """;

    internal static readonly TunnelCredentials Expected = new(
        "0123456789abcdef0123456789abcdef",
        Encoding.ASCII.GetBytes("0123456789abcdef0123456789abcdef"),
        Guid.Parse("6ff42ae2-765d-4adf-8112-31c55c1551ef"));

    internal static readonly Gen<TunnelCredentials> Credentials = Gen.Select(
        Gen.String.AlphaNumeric.Where(s => s.Length > 0), Gen.Byte.Array[1, 64], Gen.Guid, Gen.OneOf(null, "fed"),
        (account, secret, id, endpoint) => new TunnelCredentials(account, secret, id, endpoint));

    [Fact]
    public void A_file_of_cloudflared_is_read() => Assert.Equal(Expected, Parse(Sample));

    [Theory]
    [InlineData("AccountTag", "accounttag")]
    [InlineData("TunnelID", "TUNNELID")]
    [InlineData("6ff42ae2-765d-4adf-8112-31c55c1551ef", "6FF42AE2765D4ADF811231C55C1551EF")]
    [InlineData("6ff42ae2-765d-4adf-8112-31c55c1551ef", "urn:uuid:6ff42ae2-765d-4adf-8112-31c55c1551ef")]
    [InlineData("{\"Acc", "\uFEFF{\"Acc")]
    [InlineData("\"Endpoint\":\"\"", "\"TunnelName\":{\"a\":[1]},\"Endpoint\":null")]
    [InlineData("{\"Acc", "{\"AccountTag\":\"overridden\",\"Acc")]
    public void What_Go_would_read_is_read(string part, string instead) =>
        Assert.Equal(Expected, Parse(Sample.Replace(part, instead, StringComparison.Ordinal)));

    [Fact]
    public void What_is_written_is_read_back() =>
        Credentials.Sample(credentials => TunnelCredentials.Parse(credentials.ToJson()).Equals(credentials), iter: 1_000);

    [Fact]
    public void It_is_written_as_cloudflared_writes_it() =>
        Assert.Equal(
            """{"AccountTag":"0123456789abcdef0123456789abcdef","TunnelSecret":"MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=","TunnelID":"6ff42ae2-765d-4adf-8112-31c55c1551ef"}""",
            Encoding.UTF8.GetString(Expected.ToJson()));

    [Theory]
    [InlineData("", "JSON")]
    [InlineData("[]", "JSON object")]
    [InlineData("{}", "AccountTag")]
    [InlineData("""{"AccountTag":"a","TunnelSecret":"YQ=="}""", "TunnelID")]
    [InlineData("""{"AccountTag":"a","TunnelSecret":"YQ==","TunnelID":"7"}""", "UUID")]
    [InlineData("""{"AccountTag":"a","TunnelSecret":"!","TunnelID":"6ff42ae2-765d-4adf-8112-31c55c1551ef"}""", "base64")]
    [InlineData("-----BEGIN ARGO TUNNEL TOKEN-----\n", "cert.pem")]
    public void A_refusal_says_what_is_missing_and_what_to_do(string json, string word)
    {
        var refusal = Assert.Throws<CredentialFormatException>(() => Parse(json));

        Assert.Contains(word, refusal.Message, StringComparison.Ordinal);
        Assert.Contains("create the tunnel again", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_secret_stays_out_of_texts()
    {
        var broken = Sample.Replace("\"TunnelID\"", "TunnelID", StringComparison.Ordinal);

        Assert.DoesNotContain("MDEy", Expected.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("MDEy", Assert.Throws<CredentialFormatException>(() => Parse(broken)).ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Mutated_text_gives_credentials_or_the_format_exception() =>
        MutatedText.Of("{}[]\":,\\ud8=A0", Sample).Sample(
            text =>
            {
                try
                {
                    var credentials = Parse(text);
                    return TunnelCredentials.Parse(credentials.ToJson()).Equals(credentials);
                }
                catch (CredentialFormatException)
                {
                    return true;
                }
            },
            iter: 20_000);

    private static TunnelCredentials Parse(string json) => TunnelCredentials.Parse(Encoding.UTF8.GetBytes(json));
}
