using Tunnel.Edge.Identity;
using Tunnel.Edge.Store;

namespace Tunnel.Edge.Tests.Identity;

public sealed class ApplicationMatcherTests
{
    [Theory]
    [InlineData("ssh.example.test", "ssh.example.test", "/", true)]
    [InlineData("ssh.example.test", "ssh.example.test", "/any/path", true)]
    [InlineData("ssh.example.test", "other.example.test", "/", false)]
    [InlineData("ssh.example.test", "evil-ssh.example.test", "/", false)]
    [InlineData("ssh.example.test", "ssh.example.test.evil", "/", false)]
    [InlineData("*.example.test", "ssh.example.test", "/", true)]
    [InlineData("*.example.test", "a.b.example.test", "/", true)]
    [InlineData("*.example.test", "example.test", "/", false)]
    [InlineData("app.example.test/admin", "app.example.test", "/", false)]
    [InlineData("app.example.test/admin", "app.example.test", "/admin", true)]
    [InlineData("app.example.test/admin", "app.example.test", "/admin/users", true)]
    [InlineData("app.example.test/admin", "app.example.test", "/administrators", false)]
    [InlineData("app.example.test/*", "app.example.test", "/", true)]
    [InlineData("app.example.test/*", "app.example.test", "/admin", true)]
    [InlineData("app.example.test/", "app.example.test", "/", true)]
    [InlineData("app.example.test/*/edit", "app.example.test", "/", false)]
    [InlineData("app.example.test/admin", "app.example.test", "/ADMIN", true)]
    [InlineData("app.example.test/*/edit", "app.example.test", "/pages/edit/now", true)]
    [InlineData("app.example.test/admin", "app.example.test", "/admin;x/users", true)]
    [InlineData("app.example.test/admin", "app.example.test", "/;x/admin", true)]
    [InlineData("app.example.test/admin", "app.example.test", "/admin./users", true)]
    [InlineData("app.example.test/admin", "app.example.test", "/admin ", true)]
    [InlineData("app.example.test/admin", "app.example.test", "/admin\0.png", true)]
    [InlineData("app.example.test/admin", "app.example.test", "/admin#x", true)]
    [InlineData("app.example.test/a;b", "app.example.test", "/a;b", true)]
    [InlineData("app.example.test/admin", "app.example.test", "/admin.css", false)]
    public void An_application_covers_its_host_and_what_lies_below_its_path(string domain, string host, string path, bool covered) =>
        Assert.Equal(covered, ApplicationMatcher.Find([Application(domain)], host, path) is not null);

    [Theory]
    [InlineData("*.example.test", "ssh.example.test", "ssh.example.test", "/")]
    [InlineData("ssh.example.test", "ssh.example.test/admin", "ssh.example.test", "/admin")]
    [InlineData("*.example.test", "*.eu.example.test", "ssh.eu.example.test", "/")]
    public void The_more_specific_of_two_decides_in_whatever_order_they_come(string less, string more, string host, string path)
    {
        Assert.Equal(more, ApplicationMatcher.Find([Application(less), Application(more)], host, path)?.Name);
        Assert.Equal(more, ApplicationMatcher.Find([Application(more), Application(less)], host, path)?.Name);
    }

    [Theory]
    [InlineData("/", "/")]
    [InlineData("//admin", "/admin")]
    [InlineData("/admin%2Fusers", "/admin/users")]
    [InlineData("/%61dmin", "/admin")]
    [InlineData("/%2561dmin", "/admin")]
    [InlineData("/x/%252e%252e/admin", "/admin")]
    [InlineData("/x\\..\\admin", "/admin")]
    [InlineData("/x/%5c../admin", null)]
    [InlineData("/../../admin/.", "/admin")]
    [InlineData("/%25252525252561dmin", null)]
    [InlineData("/x/..;/admin", null)]
    [InlineData("/x/.;a=b/admin", null)]
    [InlineData("/x/%2e%2e%3b/admin", null)]
    [InlineData("/a;b/c", "/a;b/c")]
    public void No_spelling_of_a_path_goes_around_Access(string path, string? canonical) =>
        Assert.Equal(canonical, CanonicalPath.Of(path));

    [Theory]
    [InlineData("/public/a%2fb", true)]
    [InlineData("/public/a;b", true)]
    [InlineData("/secret/..%2fother", true)]
    [InlineData("/secret/..%2fpublic", false)]
    [InlineData("/secret/..\\public", false)]
    [InlineData("/secret/%252e%252e/public", false)]
    [InlineData("/public;x/secret", false)]
    [InlineData("/public./secret", false)]
    [InlineData("//public", false)]
    public void A_path_is_one_applications_only_if_nobody_takes_it_for_anothers(string path, bool isOne) => Assert.Equal(
        isOne, ApplicationMatcher.CoversAllReadings([Application("files.example.test"), Application("files.example.test/public")], "files.example.test", path));

    private static AccessApplicationRecord Application(string domain) => new()
    {
        Id = Guid.NewGuid(),
        AccountId = "0123456789abcdef0123456789abcdef",
        Aud = "",
        Name = domain,
        Type = "self_hosted",
        Domains = [domain],
        SessionDuration = TimeSpan.FromHours(24),
        Document = "{}",
        CreatedAt = DateTimeOffset.UnixEpoch,
        UpdatedAt = DateTimeOffset.UnixEpoch,
    };
}
