using Tunnel.Protocol.Configuration;

namespace Tunnel.Protocol.Tests.Configuration;

public class TunnelConfigurationRefusalTests
{
    [Theory]
    [InlineData("ingress:\n- hostname: a.test\n  service: http://b", 2, 1, "The last rule must match every request")]
    [InlineData("ingress:\n- service: http://b\n  path: /x", 2, 1, "The last rule must match every request")]
    [InlineData("ingress:\n- service: http://b\n- hostname: a.test\n  service: http://b\n- service: bastion", 2, 1, "would never be used")]
    [InlineData("ingress:\n- hostname: '*'\n  service: http://b\n- service: bastion", 2, 1, "would never be used")]
    [InlineData("ingress:\n- hostname: a.*.test\n  service: http://b\n- service: bastion", 2, 1, "'*.example.com'")]
    [InlineData("ingress:\n- hostname: '*.*.test'\n  service: http://b\n- service: bastion", 2, 1, "'*.example.com'")]
    [InlineData("ingress:\n- hostname: a.test:443\n  service: http://b\n- service: bastion", 2, 1, "has a port")]
    [InlineData("ingress:\n- hostname: https://a.test\n  service: http://b\n- service: bastion", 2, 1, "is a URL")]
    [InlineData("ingress:\n- service: http://b\n  originRequest: {access: {required: true, audTag: [x]}}", 2, 1, "no teamName")]
    [InlineData("ingress:\n- service: socks-proxy\n  originRequest: {ipRules: [{ports: [1]}]}", 3, 1, "no prefix")]
    [InlineData("ingress:\n- service: socks-proxy\n  originRequest: {ipRules: [{prefix: ten}]}", 3, 1, "10.0.0.0/8")]
    [InlineData("ingress:\n- hostname: a.test\n  service: http://b\n- {}", 4, 2, "There is no service")]
    [InlineData("ingress:\n- hostname: a.test\n  service: http://b/c\n- service: bastion", 2, 1, "remove '/c'")]
    [InlineData("ingress:\n- hostname: [a]\n  service: http://b", 2, 1, "'hostname' must be text, not a list")]
    [InlineData("ingress:\n- http://b", 2, 1, "must hold names with values")]
    [InlineData("ingress: http://b", 1, null, "'ingress' must be a list")]
    [InlineData("a: 1\noriginRequest:\n  connectTimeout: 30", 3, null, "30s, 1m30s")]
    [InlineData("originRequest:\n  noTLSVerify: maybe", 2, null, "true or false")]
    [InlineData("originRequest:\n  keepAliveConnections: -1", 2, null, "whole number")]
    [InlineData("tunnel: a\ntunnel: b", 2, null, "a second time")]
    [InlineData("tunnel: a\n---\ntunnel: b", 2, null, "more than one YAML document")]
    [InlineData("tunnel: !!binary aGk=", 1, null, "Remove it")]
    [InlineData("tunnel: 'a", null, null, "not valid YAML")]
    [InlineData("- a", 1, null, "must hold names with values")]
    [InlineData("? [a]\n: b", 1, null, "single word")]
    public void A_refusal_names_the_line_and_the_rule_and_says_what_to_do(string yaml, int? line, int? rule, string words)
    {
        var refusal = Assert.Throws<ConfigurationException>(() => TunnelConfiguration.ParseYaml(yaml));

        Assert.Contains(words, refusal.Message, StringComparison.Ordinal);
        Assert.Equal(rule, refusal.Rule);
        if (line is not null)
        {
            Assert.Equal(line, refusal.Line);
            Assert.StartsWith($"Line {line}", refusal.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void What_is_ignored_is_said()
    {
        var configuration = TunnelConfiguration.ParseYaml(
            """
            ingress:
              - hostname: "*a.test"
                Service: ssh://localhost
                service: ssh://localhost
                originRequest: {notlsverify: true, color: red}
              - service: bastion
            logDirectory: /var/log
            """,
            out var warnings);

        Assert.Equal(
            [
                "Line 3: 'Service' in ingress rule 1 is not known and is ignored. Did you mean 'service'? Case counts.",
                "Line 5: 'notlsverify' in originRequest of ingress rule 1 is not known and is ignored. Did you mean 'noTLSVerify'? Case counts.",
                "Line 5: 'color' in originRequest of ingress rule 1 is not known and is ignored.",
                "Ingress rule 1: '*a.test' matches nothing. Write '*.' and a name to match all below it.",
            ],
            warnings);
        Assert.False(configuration.Ingress[0].OriginRequest.NoTlsVerify);
        Assert.Equal(["logDirectory"], configuration.Settings.Names);
    }

    [Theory]
    [InlineData("")]
    [InlineData("# nothing but a comment")]
    [InlineData("---\n...")]
    [InlineData("\uFEFF~")]
    public void An_empty_file_has_no_rules(string yaml) => Assert.Empty(TunnelConfiguration.ParseYaml(yaml).Ingress);

    [Fact]
    public void Merge_keys_and_old_booleans_work_as_in_Go()
    {
        var configuration = TunnelConfiguration.ParseYaml("""
            base: &base {noTLSVerify: yes, connectTimeout: 1s}
            originRequest:
              connectTimeout: 2s
              <<: *base
            """);

        Assert.True(configuration.OriginRequest.NoTlsVerify);
        Assert.Equal(TimeSpan.FromSeconds(2), configuration.OriginRequest.ConnectTimeout);
    }

    [Fact]
    public void Secrets_among_the_settings_stay_out_of_texts()
    {
        var configuration = TunnelConfiguration.ParseYaml("token: secret-token");

        Assert.DoesNotContain("secret", configuration.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("secret", configuration.Settings.ToString(), StringComparison.Ordinal);
        Assert.Contains("secret", configuration.ToYaml(), StringComparison.Ordinal);
    }
}
