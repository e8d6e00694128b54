using Tunnel.Core.Api;
using Tunnel.Core.Tunnels;

namespace Tunnel.Core.Tests.Tunnels;

public sealed class ApplicationCoverageTests
{
    [Theory]
    [InlineData("ssh.example.test", true)]
    [InlineData("SSH.Example.Test", true)]
    [InlineData("ssh.example.test/", true)]
    [InlineData("ssh.example.test/*", true)]
    [InlineData("*.example.test", true)]
    [InlineData("s*.example.test", true)]
    [InlineData("*h.example.test", true)]
    [InlineData("ssh*.example.test", true)]
    [InlineData("ssh.*.test", true)]
    [InlineData("ssh.example.test/admin", false)]
    [InlineData("ssh.example.test/admin/*", false)]
    [InlineData("*.example.test/admin", false)]
    [InlineData("example.test", false)]
    [InlineData("*.ssh.example.test", false)]
    [InlineData("*", false)]
    [InlineData("*.test", false)]
    [InlineData("web.example.test", false)]
    [InlineData("xssh.example.test", false)]
    [InlineData("*x.example.test", false)]
    public void A_pattern_covers_what_Cloudflare_documents(string pattern, bool covers) =>
        Assert.Equal(covers, ApplicationCoverage.Covers(pattern, "ssh.example.test"));

    [Fact]
    public void A_wildcard_covers_one_label_and_never_the_parent()
    {
        Assert.False(ApplicationCoverage.Covers("*.example.test", "a.b.example.test"));
        Assert.False(ApplicationCoverage.Covers("*.example.test", "example.test"));
    }

    [Fact]
    public void The_most_specific_application_is_in_charge()
    {
        AccessApplication[] applications =
        [
            Application("all", "*.example.test"),
            Application("some", "ss*.example.test"),
            Application("own", "ssh.example.test"),
            Application("path", "ssh.example.test/admin"),
        ];
        Assert.Equal("own", ApplicationCoverage.Find(applications, "ssh.example.test")?.Name);
        Assert.Equal("some", ApplicationCoverage.Find(applications, "ssx.example.test")?.Name);
        Assert.Equal("all", ApplicationCoverage.Find(applications, "web.example.test")?.Name);
        Assert.Null(ApplicationCoverage.Find(applications, "example.test"));
    }

    [Theory]
    [InlineData("bookmark")]
    [InlineData("saas")]
    [InlineData("app_launcher")]
    [InlineData(null)]
    public void An_application_that_guards_nothing_does_not_count(string? type) => Assert.Null(
        ApplicationCoverage.Find([Application("x", "ssh.example.test") with { Type = type }], "ssh.example.test"));

    [Fact]
    public void Further_domains_and_public_destinations_count_and_private_ones_do_not()
    {
        var bare = Application("x", null);
        Assert.NotNull(ApplicationCoverage.Find([bare with { SelfHostedDomains = ["a.test", "ssh.example.test"] }], "ssh.example.test"));
        Assert.NotNull(Find("public"));
        Assert.NotNull(Find(null));
        Assert.Null(Find("private"));

        AccessApplication? Find(string? type) => ApplicationCoverage.Find(
            [bare with { Destinations = [new AccessDestination { Type = type, Uri = "ssh.example.test" }] }], "ssh.example.test");
    }

    private static AccessApplication Application(string name, string? domain) =>
        new() { Id = name, Name = name, Domain = domain, Type = "self_hosted" };
}
