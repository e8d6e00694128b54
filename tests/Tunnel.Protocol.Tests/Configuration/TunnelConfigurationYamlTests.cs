using Tunnel.Protocol.Configuration;

namespace Tunnel.Protocol.Tests.Configuration;

public class TunnelConfigurationYamlTests
{
    private const string Sample = """
        # A file as people write it.
        tunnel: 6ff42ae2-765d-4adf-8112-31c55c1551ef
        credentials-file: /root/.cloudflared/6ff42ae2-765d-4adf-8112-31c55c1551ef.json
        protocol: http2
        no-autoupdate: true
        tag: [site=north, "rack=7"]
        originRequest:
          connectTimeout: 10s
          noTLSVerify: true
        warp-routing:
          enabled: true
          connectTimeout: 1m30s
        ingress:
          - hostname: ssh.example.test
            service: ssh://localhost
          - hostname: "*.apps.example.test"
            path: ^/static/.*\.html$
            service: https://localhost:8443
            originRequest:
              connectTimeout: 500ms
              originServerName: origin.example.test
              noTLSVerify: false
              access:
                required: true
                teamName: north
                audTag: [0123abcd]
          - service: http_status:404
        """;

    [Fact]
    public void A_file_as_people_write_it_is_read()
    {
        var configuration = TunnelConfiguration.ParseYaml(Sample, out var warnings);

        Assert.Empty(warnings);
        Assert.Equal("6ff42ae2-765d-4adf-8112-31c55c1551ef", configuration.Tunnel);
        Assert.EndsWith(".json", configuration.CredentialsFile, StringComparison.Ordinal);
        Assert.True(configuration.Settings.TryGetText("protocol", out var protocol));
        Assert.Equal("http2", protocol);
        Assert.Equal(["site=north", "rack=7"], configuration.Settings.GetTexts("tag"));
        Assert.Equal(TimeSpan.FromSeconds(90), configuration.WarpRouting.ConnectTimeout);
        Assert.Equal(3, configuration.Ingress.Count);
        Assert.Equal("ssh://localhost:22", configuration.Ingress[0].Service.ToString());
        Assert.Equal(OriginServiceKind.Ssh, configuration.Ingress[0].Service.Kind);
        Assert.Equal(TimeSpan.FromMilliseconds(500), configuration.Ingress[1].OriginRequest.ConnectTimeout);
        Assert.Equal("north", configuration.Ingress[1].OriginRequest.Access.TeamName);
    }

    [Fact]
    public void Rules_inherit_what_stands_at_the_top_and_that_inherits_the_defaults()
    {
        var configuration = TunnelConfiguration.ParseYaml(Sample);

        Assert.Equal(TimeSpan.FromSeconds(10), configuration.Ingress[0].OriginRequest.ConnectTimeout);
        Assert.True(configuration.Ingress[0].OriginRequest.NoTlsVerify);
        Assert.False(configuration.Ingress[1].OriginRequest.NoTlsVerify);
        Assert.Equal(TimeSpan.FromSeconds(90), configuration.Ingress[0].OriginRequest.KeepAliveTimeout);
    }

    [Fact]
    public void What_is_written_is_read_back()
    {
        var configuration = TunnelConfiguration.ParseYaml(Sample);

        Assert.Equal(configuration, TunnelConfiguration.ParseYaml(configuration.ToYaml()));
    }
}
