using Tunnel.Core.Accounts;
using Tunnel.Protocol.Credentials;
using Tunnel.Testing;

namespace Tunnel.Core.Tests.Accounts;

public sealed class AccountCredentialsTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void The_token_of_the_environment_comes_first()
    {
        Write("cert.pem");
        var found = Find(
            ("CLOUDFLARE_API_TOKEN", " env-token "), ("CLOUDFLARE_ACCOUNT_ID", "a1"),
            ("CLOUDFLARE_BASE_URL", "https://edge.test/client/v4"), ("CF_API_TOKEN", "older"));
        Assert.Equal(("env-token", "a1", "https://edge.test/client/v4"), (found.ApiToken, found.AccountId, found.ApiAddress?.AbsoluteUri));
        Assert.Contains("CLOUDFLARE_API_TOKEN", found.Source, StringComparison.Ordinal);
        Assert.DoesNotContain("env-token", found.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void The_older_names_of_the_variables_are_read_too()
    {
        var found = Find(("CF_API_TOKEN", "older"), ("CF_ACCOUNT_ID", "a2"));
        Assert.Equal(("older", "a2"), (found.ApiToken, found.AccountId));
    }

    [Fact]
    public void Without_a_token_the_certificate_of_a_login_is_found()
    {
        Write("cert.pem");
        var found = Find(("CLOUDFLARE_API_TOKEN", " "));
        Assert.Equal(("cert-token", "account"), (found.ApiToken, found.AccountId));
        var other = Write("other.pem");
        Assert.Contains(other, Find(("TUNNEL_ORIGIN_CERT", other)).Source, StringComparison.Ordinal);
    }

    [Fact]
    public void With_nothing_at_all_the_error_names_every_way()
    {
        var e = Assert.Throws<AccountException>(() => Find());
        Assert.Contains("CLOUDFLARE_API_TOKEN", e.Message, StringComparison.Ordinal);
        Assert.Contains("-ApiToken", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_is_no_certificate_is_told_by_name()
    {
        var file = _directory.File("cert.pem");
        File.WriteAllText(file, "cert-token");
        var e = Assert.Throws<AccountException>(() => AccountCredentials.FromCertificate(file));
        Assert.Contains(file, e.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("cert-token", e.Message, StringComparison.Ordinal);
        Assert.Throws<AccountException>(() => AccountCredentials.FromCertificate(_directory.File("none.pem")));
        Assert.Throws<AccountException>(() => Find(("CLOUDFLARE_API_TOKEN", "t"), ("CLOUDFLARE_BASE_URL", "nowhere")));
    }

    private string Write(string name)
    {
        var file = _directory.File(name);
        File.WriteAllText(file, new OriginCertificate("zone", "account", "cert-token").ToPem());
        return file;
    }

    private AccountCredentials Find(params (string Name, string Value)[] variables) => AccountCredentials.Find(
        name => variables.FirstOrDefault(v => v.Name == name).Value, [Path.GetDirectoryName(_directory.File("x"))!]);
}
