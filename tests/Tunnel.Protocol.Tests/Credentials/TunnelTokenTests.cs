using System.Text;
using CsCheck;
using Tunnel.Protocol.Credentials;

namespace Tunnel.Protocol.Tests.Credentials;

public class TunnelTokenTests
{
    // printf '{"a":"0123456789abcdef0123456789abcdef","t":"6ff42ae2-765d-4adf-8112-31c55c1551ef",
    //   "s":"MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY="}' (on one line) | openssl base64 -A
    private const string Sample =
        "eyJhIjoiMDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWYiLCJ0IjoiNmZmNDJhZTItNzY1ZC00YWRmLTgxMTItMzFjNTVjMTU1MWVmIiwicyI6Ik1ERXlNelExTmpjNE9XRmlZMlJsWmpBeE1qTTBOVFkzT0RsaFltTmtaV1k9In0=";

    [Fact]
    public void A_token_made_by_hand_is_read() => Assert.Equal(TunnelCredentialsTests.Expected, TunnelToken.Parse(Sample));

    [Fact]
    public void Line_breaks_from_copying_do_no_harm() =>
        Assert.Equal(TunnelCredentialsTests.Expected, TunnelToken.Parse($" {Sample[..50]}\r\n{Sample[50..]}\n"));

    [Fact]
    public void What_is_written_is_read_back() =>
        TunnelCredentialsTests.Credentials.Sample(
            credentials => TunnelToken.Parse(TunnelToken.Format(credentials)).Equals(credentials), iter: 1_000);

    [Fact]
    public void A_refusal_does_not_repeat_the_token()
    {
        var refusal = Assert.Throws<CredentialFormatException>(() => TunnelToken.Parse(Sample[3..]));

        Assert.DoesNotContain(Sample[10..40], refusal.ToString(), StringComparison.Ordinal);
        Assert.Contains("Copy the whole token", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Mutated_text_gives_credentials_or_the_format_exception()
    {
        // Both the base64 and the JSON in it are mutated.
        var json = Encoding.UTF8.GetString(Convert.FromBase64String(Sample));
        var mutatedJson = MutatedText.Of("{}[]\":,\\ud8=A0", json).Select(j => Convert.ToBase64String(Encoding.UTF8.GetBytes(j)));
        Gen.OneOf(mutatedJson, MutatedText.Of("Az0+/=-_ \n", Sample)).Sample(
            text =>
            {
                try
                {
                    return TunnelToken.Parse(text).TunnelSecret.Length > 0;
                }
                catch (CredentialFormatException)
                {
                    return true;
                }
            },
            iter: 20_000);
    }
}
