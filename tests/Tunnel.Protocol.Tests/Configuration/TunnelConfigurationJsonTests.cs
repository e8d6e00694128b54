using System.Text;
using System.Text.Json.Nodes;
using Tunnel.Protocol.Configuration;
using Tunnel.Protocol.Tests.Registration;

namespace Tunnel.Protocol.Tests.Configuration;

public class TunnelConfigurationJsonTests
{
    [Fact]
    public void What_cloudflared_reported_is_read_and_written_byte_for_byte()
    {
        var json = CapturedConnector.Load().Logged("UpdateLocalConfiguration")["UpdateLocalConfiguration ".Length..];

        var configuration = TunnelConfiguration.ParseJson(Encoding.UTF8.GetBytes(json));

        Assert.Equal("http2", configuration.ConfigurationFlags["protocol"]);
        Assert.Equal("tcp://127.0.0.1:19000", configuration.Ingress.Match("ssh.example.test", "/").Service.ToString());
        Assert.Equal(19022, configuration.Ingress.Match("sshd.example.test:443", "/").Service.Port);
        Assert.Equal(404, configuration.Ingress.Match("other.example.test", "/").Service.StatusCode);
        Assert.Equal(json, Encoding.UTF8.GetString(configuration.ToJson()));
    }

    [Fact]
    public void A_push_is_read_with_its_settings_inherited()
    {
        var update = ConfigurationUpdate.Parse("""
            {"version":7,"config":{
              "originRequest":{"connectTimeout":10,"noTLSVerify":true,"ipRules":[{"prefix":"10.1.2.3/8","ports":[22,443],"allow":true}]},
              "Ingress":[{"hostname":"a.example.test","service":"https://localhost","originRequest":{"connectTimeout":0.5,"NOTLSVERIFY":false}},
                         {"service":"http_status:404","originRequest":null}],
              "warp-routing":{"enabled":true},"new":{}}}
            """u8);

        Assert.Equal(7, update.Version);
        Assert.Equal(TimeSpan.FromMilliseconds(500), update.Configuration.Ingress[0].OriginRequest.ConnectTimeout);
        Assert.False(update.Configuration.Ingress[0].OriginRequest.NoTlsVerify);
        Assert.Equal(TimeSpan.FromSeconds(10), update.Configuration.Ingress[1].OriginRequest.ConnectTimeout);
        Assert.Equal("10.0.0.0/8", update.Configuration.Ingress[1].OriginRequest.IpRules[0].Prefix.ToString());
    }

    [Fact]
    public void Inherited_settings_stand_at_each_rule_of_a_report()
    {
        var configuration = TunnelConfiguration.ParseYaml("""
            originRequest:
              tcpKeepAlive: 1m30s
            ingress:
              - service: ssh://localhost
                originRequest:
                  access: {required: true, teamName: north, audTag: [one]}
            """);

        var report = JsonNode.Parse(configuration.ToJson());

        Assert.True(JsonNode.DeepEquals(report, JsonNode.Parse("""
            {"ingress":[{"service":"ssh://localhost:22","originRequest":{"tcpKeepAlive":90,
              "access":{"required":true,"teamName":"north","audTag":["one"]}}}],"warp-routing":{}}
            """)));
    }

    [Fact]
    public void An_answer_of_cloudflared_is_read()
    {
        Assert.Equal(new ConfigurationUpdateResult(2, null), ConfigurationUpdateResult.Parse("""{"lastAppliedVersion":2,"err":null}"""u8));
        Assert.NotNull(ConfigurationUpdateResult.Parse("""{"lastAppliedVersion":-1,"err":{}}"""u8).Error);
    }

    [Theory]
    [InlineData("", "not valid JSON")]
    [InlineData("[]", "must hold names")]
    [InlineData("{}x", "not valid JSON")]
    [InlineData("""{"ingress":{}}""", "'ingress' must be a list")]
    [InlineData("""{"ingress":[{"service":404}]}""", "Ingress rule 1: 'service' must be text, not a number.")]
    [InlineData("""{"originRequest":{"connectTimeout":"30s"}}""", "a number of seconds")]
    [InlineData("""{"originRequest":{"connectTimeout":1e400}}""", "a number of seconds")]
    [InlineData("""{"originRequest":{"connectTimeout":-1}}""", "must not be negative")]
    [InlineData("""{"originRequest":{"noTLSVerify":"true"}}""", "must be true or false")]
    [InlineData("""{"originRequest":{"proxyPort":65536}}""", "from 0 to 65535, not 65536")]
    [InlineData("""{"ingress":[{"service":"\ud800"}]}""", "not valid")]
    [InlineData("""{"ingress":[{"hostname":"a","service":"http://b"}]}""", "Ingress rule 1: The last rule must match every request")]
    public void A_refusal_says_where_and_what(string json, string words)
    {
        var refusal = Assert.Throws<ConfigurationException>(() => TunnelConfiguration.ParseJson(Encoding.UTF8.GetBytes(json)));

        Assert.Contains(words, refusal.Message, StringComparison.Ordinal);
    }
}
