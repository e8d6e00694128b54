using System.Diagnostics;
using System.Text;
using System.Text.RegularExpressions;
using CsCheck;
using Tunnel.Protocol.Configuration;

namespace Tunnel.Protocol.Tests.Configuration;

/// <summary>Whatever the text, there is a configuration or a <see cref="ConfigurationException"/>, and soon.</summary>
public class TunnelConfigurationHostileTextTests
{
    private const string Yaml = """
        tunnel: north # a comment
        base: &base {connectTimeout: 30s, ipRules: [{prefix: 10.0.0.0/8, ports: [22], allow: yes}]}
        originRequest:
          <<: *base
          httpHostHeader: "a\tb\u00e9"
        ingress:
          - hostname: '*.example.test'
            path: ^/(a|b)+\d[[:alpha:]]{2,3}$
            service: ssh://localhost:22
            originRequest: *base
          - service: >-
              http_status:404
        """;

    private const string Json = """
        {"__configuration_flags":{"protocol":"http2"},"originRequest":{"connectTimeout":30,"access":{"required":true,"teamName":"a","audTag":["b"]}},
         "ingress":[{"hostname":"*.example.test","path":"^/(a|b)+\\d$","service":"ssh://localhost","originRequest":{"tcpKeepAlive":-1.5}},
         {"service":"http_status:404"}],"warp-routing":{"maxActiveFlows":7}}
        """;

    [Fact]
    public void The_samples_themselves_are_good()
    {
        Assert.Equal(2, TunnelConfiguration.ParseYaml(Yaml).Ingress.Count);
        Assert.Equal(2, TunnelConfiguration.ParseJson(Encoding.UTF8.GetBytes(Json)).Ingress.Count);
    }

    [Fact]
    public void Mutated_YAML() =>
        MutatedText.Of("{}[]:,-?&*!|>'\"%@`# \n\t<~a0", Yaml, "").Sample(text => ReadsOrRefuses(() => TunnelConfiguration.ParseYaml(text)), iter: 20_000);

    [Fact]
    public void Random_YAML() =>
        Gen.OneOf(Gen.String, Gen.String[Gen.Char["{}[]:,-?&*!|>'\"%@`# \n\t<~a0\\u"], 0, 60])
            .Sample(text => ReadsOrRefuses(() => TunnelConfiguration.ParseYaml(text)), iter: 30_000);

    [Fact]
    public void Mutated_JSON() =>
        MutatedText.Of("{}[]\":,\\ude8 0.-+null", Json, "")
            .Sample(text => ReadsOrRefuses(() => TunnelConfiguration.ParseJson(Encoding.UTF8.GetBytes(text))), iter: 10_000);

    [Fact]
    public void Random_bytes_as_JSON() =>
        Gen.Select(Gen.Int[0, Json.Length - 1], Gen.Byte).List[1, 4].Sample(
            edits =>
            {
                var bytes = Encoding.UTF8.GetBytes(Json);
                foreach (var (at, value) in edits)
                {
                    bytes[at] = value;
                }
                return ReadsOrRefuses(() => TunnelConfiguration.ParseJson(bytes));
            },
            iter: 10_000);

    [Fact]
    public void Mutated_path_expressions() =>
        MutatedText.Of("()[]{}\\^$|?*+.dDwWsSbBpPQExuU:<>=!0123456789,ims-\u00e9", @"^/(?P<a>[^/\d]+|\pL{2,5}?)(?i:x|\Q.*\E)[[:^alpha:]]\x{e9}\b$", "")
            .Sample(
                path => ReadsOrRefuses(() => _ = new IngressRules(
                    [new("a", path, OriginService.HttpStatus(404)), new(null, null, OriginService.HttpStatus(404))]).Match("a", "/aé0/x.*")),
                iter: 1_000);

    [Fact]
    public void An_alias_bomb_is_refused()
    {
        var bomb = new StringBuilder("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
        for (var i = 1; i < 30; i++)
        {
            bomb.Append(System.Globalization.CultureInfo.InvariantCulture, $"a{i}: &a{i} [{string.Join(", ", Enumerable.Repeat($"*a{i - 1}", 10))}]\n");
        }

        RefusesSoon(bomb.ToString(), "aliases");
    }

    [Fact]
    public void A_merge_bomb_is_refused()
    {
        var bomb = new StringBuilder("a0: &a0 {k0: [x, x, x, x, x, x, x, x, x, x]}\n");
        for (var i = 1; i < 4000; i++)
        {
            bomb.Append(System.Globalization.CultureInfo.InvariantCulture, $"a{i}: &a{i} {{<<: *a{i - 1}, k{i}: x}}\n");
        }

        RefusesSoon(bomb.ToString(), "aliases");
    }

    [Fact]
    public void An_alias_to_what_it_stands_in_is_refused() => RefusesSoon("a: &a [*a]", "stands for nothing");

    [Theory]
    [InlineData("[", "nested")]
    [InlineData("{a: ", "nested")]
    [InlineData("- ", "nested")]
    [InlineData("? ", "")]
    [InlineData("&a ", "")]
    [InlineData("!a ", "")]
    [InlineData("'", "")]
    [InlineData("\"", "")]
    [InlineData("a: b: ", "")]
    [InlineData("a\n", "")]
    [InlineData("---\n", "")]
    [InlineData("%TAG ! a\n", "")]
    [InlineData("a: |\n\n", "")]
    [InlineData("*a ", "")]
    public void Long_runs_of_one_thing_are_refused_soon(string piece, string word) =>
        RefusesSoon(string.Concat(Enumerable.Repeat(piece, (TunnelConfiguration.MaxLength / piece.Length) - 1)), word);

    [Fact]
    public void Deep_JSON_is_refused() =>
        Assert.Throws<ConfigurationException>(() => TunnelConfiguration.ParseJson(Encoding.UTF8.GetBytes(new string('[', 500_000))));

    [Fact]
    public void Text_beyond_the_bound_is_refused()
    {
        RefusesSoon(new string(' ', TunnelConfiguration.MaxLength + 1), "longer");
        Assert.Throws<ConfigurationException>(() => TunnelConfiguration.ParseJson(new byte[TunnelConfiguration.MaxLength + 1]));
    }

    [Fact]
    public void Too_many_rules_are_refused() =>
        RefusesSoon("ingress:\n" + string.Concat(Enumerable.Repeat("- {hostname: a, service: bastion}\n", IngressRules.MaxRules)) + "- service: bastion\n", "5000");

    [Theory]
    [InlineData("((((((a{100}){100}){100}){100}){100}){100})")]
    [InlineData("(a|b|ab)*c{1000}{1000}")]
    [InlineData("(.*a){1000}")]
    public void Huge_path_expressions_are_refused_or_bounded(string path)
    {
        var clock = Stopwatch.StartNew();

        try
        {
            _ = new IngressRules([new("a", path, OriginService.HttpStatus(404)), new(null, null, OriginService.HttpStatus(404))])
                .Match("a", new string('a', 5000));
        }
        catch (Exception e) when (e is ConfigurationException or RegexMatchTimeoutException)
        {
            // Refused, or stopped.
        }

        Assert.InRange(clock.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(20));
    }

    private static void RefusesSoon(string yaml, string word)
    {
        var clock = Stopwatch.StartNew();

        var refusal = Assert.Throws<ConfigurationException>(() => TunnelConfiguration.ParseYaml(yaml));

        Assert.Contains(word, refusal.Message, StringComparison.Ordinal);
        // Generous: the machine may be busy. What must not be is minutes.
        Assert.InRange(clock.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(20));
    }

    private static bool ReadsOrRefuses(Action read)
    {
        try
        {
            read();
            return true;
        }
        catch (ConfigurationException)
        {
            return true;
        }
    }
}
