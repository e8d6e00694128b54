using Tunnel.Protocol.Configuration;

namespace Tunnel.Protocol.Tests.Configuration;

public class IngressRulesTests
{
    private static readonly IngressRule CatchAll = new(null, null, OriginService.HttpStatus(404));

    [Theory]
    [InlineData("a.example.test", "/", 0)]
    [InlineData("A.Example.TEST", "/", 0)]
    [InlineData("a.example.test:443", "/any", 0)]
    [InlineData("b.example.test", "/health", 1)]
    [InlineData("b.example.test", "/x/health/y", 1)]
    [InlineData("b.example.test", "/index.html", 2)]
    [InlineData("c.b.example.test", "/", 2)]
    [InlineData("example.test", "/", 3)]
    [InlineData("aexample.test", "/", 3)]
    [InlineData("", "", 3)]
    [InlineData("[::1]:443", "/", 3)]
    public void The_first_rule_that_matches_decides(string host, string path, int index)
    {
        var rules = new IngressRules(
        [
            new("a.example.test", null, OriginService.Parse("ssh://localhost")),
            new("b.example.test", "/health", OriginService.Parse("http://localhost")),
            new("*.example.test", null, OriginService.Parse("tcp://localhost:1")),
            CatchAll,
        ]);

        Assert.Equal(index, rules.IndexOf(host, path));
        Assert.Equal(rules[index], rules.Match(host, path));
    }

    [Theory]
    [InlineData("m\u00f4\u00f4.example.test", "m\u00f4\u00f4.example.test")]
    [InlineData("m\u00f4\u00f4.example.test", "xn--m-xgaa.example.test")]
    [InlineData("M\u00d4\u00d4.example.test", "xn--m-xgaa.example.test")]
    [InlineData("*.m\u00f4\u00f4.test", "a.xn--m-xgaa.test")]
    public void International_names_match_as_they_stand_in_requests(string hostname, string host) =>
        Assert.Equal(0, new IngressRules([new(hostname, null, OriginService.Parse("hello_world")), CatchAll]).IndexOf(host, "/"));

    [Theory]
    [InlineData("*example.test", "www.example.test")]
    [InlineData("*.api.example.test", "testing-api.example.test")]
    public void A_wildcard_stands_for_whole_labels(string hostname, string host) =>
        Assert.Equal(1, new IngressRules([new(hostname, null, OriginService.Parse("hello_world")), CatchAll]).IndexOf(host, "/"));

    [Theory]
    [InlineData("::1", "[::1]:443")]
    [InlineData("[::1]", "[::1]")]
    [InlineData("a:b:c", "a:b:c")]
    [InlineData("a", "a:")]
    public void A_port_is_cut_off_as_Go_does(string hostname, string host) =>
        Assert.Equal(0, new IngressRules([new(hostname, null, OriginService.Parse("hello_world")), CatchAll]).IndexOf(host, "/"));

    [Fact]
    public void Without_rules_every_request_gets_503() =>
        Assert.Equal(503, IngressRules.Empty.Match("a.example.test", "/").Service.StatusCode);

    [Theory]
    [InlineData(@"^/\d+$", "/12", true)]
    [InlineData(@"^/\d+$", "/\u0663", false)]
    [InlineData(@"^/\d+$", "/12\n", false)]
    [InlineData(@"^/[\w-]+$", "/a-b_9", true)]
    [InlineData(@"^/[\w-]+$", "/\u00e9", false)]
    [InlineData(@"^/[^\W]+$", "/a", true)]
    [InlineData(@"^/[\D]+$", "/a1", false)]
    [InlineData(@"\s", "/a\vb", false)]
    [InlineData(@"\s", "/a\tb", true)]
    [InlineData(@"[[:space:]]", "/a\vb", true)]
    [InlineData(@"^/[[:alpha:]]+$", "/aZ", true)]
    [InlineData(@"^/[[:^alpha:]]+$", "/aZ", false)]
    [InlineData(@"^/[]a]+$", "/]a", true)]
    [InlineData(@"^/[^]a]+$", "/b", true)]
    [InlineData(@"^/[a-]+$", "/-", true)]
    [InlineData(@"^/[a\-z]+$", "/-", true)]
    [InlineData(@"^/(?P<id>a|b)$", "/b", true)]
    [InlineData(@"^/(?<id>a|b)$", "/b", true)]
    [InlineData(@"^/(?i)ABC$", "/abc", true)]
    [InlineData(@"^/(?i:A)B$", "/aB", true)]
    [InlineData(@"^/(?i:A)B$", "/ab", false)]
    [InlineData(@"(?m)b$", "/b\nc", true)]
    [InlineData(@"(?m:b$)|c$", "/b\nx", true)]
    [InlineData(@"(?m:x)b$", "/xb\nc", false)]
    [InlineData(@"(?sU)^/.*x$", "/\nx", true)]
    [InlineData(@"^/\Qa.b*\E+$", "/a.b**", true)]
    [InlineData(@"^/\Qa.b", "/a.b", true)]
    [InlineData(@"^/\x41\x{42}\103$", "/ABC", true)]
    [InlineData(@"^/\x{1F600}+$", "/\U0001F600\U0001F600", true)]
    [InlineData(@"^/a{2}$", "/aa", true)]
    [InlineData(@"^/a{,2}$", "/a{,2}", true)]
    [InlineData(@"^/a{x}$", "/a{x}", true)]
    [InlineData(@"^/\pL+$", "/\u00e9", true)]
    [InlineData(@"^/\p{Lu}\P{Lu}$", "/Aa", true)]
    [InlineData(@"^/[\p{^Lu}]$", "/A", false)]
    [InlineData(@"\.(jpg|png|css|js)$", "/a/b.png", true)]
    public void A_path_expression_means_what_it_means_in_Go(string expression, string path, bool matches)
    {
        var rules = new IngressRules([new("a", expression, OriginService.Parse("hello_world")), CatchAll]);

        Assert.Equal(matches ? 0 : 1, rules.IndexOf("a", path));
    }

    [Theory]
    [InlineData("*/subpath")]
    [InlineData("(")]
    [InlineData(")")]
    [InlineData("[")]
    [InlineData("[a")]
    [InlineData("[z-a]")]
    [InlineData("[[:nothing:]]")]
    [InlineData("\\")]
    [InlineData(@"(a)\1")]
    [InlineData("(?=a)")]
    [InlineData("(?!a)")]
    [InlineData("(?<=a)")]
    [InlineData("(?>a)")]
    [InlineData("(?#a)")]
    [InlineData("(?x)a")]
    [InlineData("(?P<>a)")]
    [InlineData("a**")]
    [InlineData("a{1001}")]
    [InlineData(@"\Z")]
    [InlineData(@"\e")]
    [InlineData(@"\u0041")]
    [InlineData(@"\p{Greek}")]
    [InlineData(@"\p")]
    [InlineData(@"\p{")]
    [InlineData(@"\x{110000}")]
    public void What_is_no_expression_of_Go_is_refused_with_the_rule(string expression)
    {
        var refusal = Assert.Throws<ConfigurationException>(
            () => new IngressRules([new("a", expression, OriginService.Parse("hello_world")), CatchAll]));

        Assert.Equal(1, refusal.Rule);
        Assert.StartsWith("Ingress rule 1: The path", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Bastion_mode_and_the_bastion_service_are_one()
    {
        var bastion = new OriginRequest { BastionMode = true };

        var rules = new IngressRules(
        [
            new("a", null, OriginService.Parse("ssh://localhost"), bastion),
            new("b", null, OriginService.Parse("bastion")),
            new("c", null, OriginService.Parse("http_status:200"), bastion),
            CatchAll,
        ]);

        Assert.Equal(OriginServiceKind.Bastion, rules[0].Service.Kind);
        Assert.True(rules[1].OriginRequest.BastionMode);
        Assert.Equal(OriginServiceKind.HttpStatus, rules[2].Service.Kind);
    }
}
