using CsCheck;
using Tunnel.Protocol.Configuration;

namespace Tunnel.Protocol.Tests.Configuration;

public class OriginServiceTests
{
    [Theory]
    [InlineData("ssh://localhost", OriginServiceKind.Ssh, "localhost", 22, "ssh://localhost:22")]
    [InlineData("SSH://localhost:2222", OriginServiceKind.Ssh, "localhost", 2222, "ssh://localhost:2222")]
    [InlineData("ssh://[::1]", OriginServiceKind.Ssh, "::1", 22, "ssh://[::1]:22")]
    [InlineData("ssh://[fe80::1%25eth0]:22", OriginServiceKind.Ssh, "fe80::1%eth0", 22, "ssh://[fe80::1%25eth0]:22")]
    [InlineData("rdp://10.0.0.1", OriginServiceKind.Rdp, "10.0.0.1", 3389, "rdp://10.0.0.1:3389")]
    [InlineData("smb://files", OriginServiceKind.Smb, "files", 445, "smb://files:445")]
    [InlineData("tcp://127.0.0.1", OriginServiceKind.Tcp, "127.0.0.1", 7864, "tcp://127.0.0.1:7864")]
    [InlineData("tcp://127.0.0.1:", OriginServiceKind.Tcp, "127.0.0.1", 7864, "tcp://127.0.0.1:7864")]
    [InlineData("ftp://127.0.0.1", OriginServiceKind.Tcp, "127.0.0.1", 0, "ftp://127.0.0.1")]
    [InlineData("http://localhost", OriginServiceKind.Http, "localhost", 80, "http://localhost")]
    [InlineData("https://my_host:8443", OriginServiceKind.Https, "my_host", 8443, "https://my_host:8443")]
    [InlineData("wss://localhost", OriginServiceKind.Https, "localhost", 443, "wss://localhost")]
    [InlineData("hello-world", OriginServiceKind.HelloWorld, "", 0, "hello_world")]
    [InlineData("bastion", OriginServiceKind.Bastion, "", 0, "bastion")]
    [InlineData("socks-proxy", OriginServiceKind.SocksProxy, "", 0, "socks-proxy")]
    public void Services_are_read(string text, OriginServiceKind kind, string host, int port, string canonical)
    {
        var service = OriginService.Parse(text);

        Assert.Equal((kind, host, port, canonical), (service.Kind, service.Host, service.Port, service.ToString()));
    }

    [Theory]
    [InlineData("unix:/run/app.sock", OriginServiceKind.Unix, "/run/app.sock")]
    [InlineData("unix+tls:relative path", OriginServiceKind.UnixTls, "relative path")]
    public void Sockets_are_read(string text, OriginServiceKind kind, string path)
    {
        var service = OriginService.Parse(text);

        Assert.Equal((kind, path, text), (service.Kind, service.SocketPath, service.ToString()));
    }

    [Fact]
    public void A_status_is_read() => Assert.Equal(404, OriginService.Parse("http_status:404").StatusCode);

    [Theory]
    [InlineData("", "There is no service")]
    [InlineData("localhost:8000", "Write a scheme and a host")]
    [InlineData("://localhost", "Write a scheme and a host")]
    [InlineData("http://", "no valid host")]
    [InlineData("https://local host:8000", "no valid host")]
    [InlineData("https://localhost:8000/static/", "remove '/static/'")]
    [InlineData("https://localhost/", "remove '/'")]
    [InlineData("https://localhost?a=b", "remove '?a=b'")]
    [InlineData("https://user:password@localhost", "user name or password")]
    [InlineData("ssh://localhost:0", "1 to 65535")]
    [InlineData("ssh://localhost:65536", "1 to 65535")]
    [InlineData("ssh://localhost:ssh", "1 to 65535")]
    [InlineData("ssh://::1", "IPv6 in brackets")]
    [InlineData("ssh://[::1", "IPv6")]
    [InlineData("ssh://[127.0.0.1]", "IPv6")]
    [InlineData("http_status:asdf", "100 to 999")]
    [InlineData("http_status:8080", "100 to 999")]
    [InlineData("unix:", "has no path")]
    public void A_refusal_says_what_to_write(string text, string words)
    {
        var refusal = Assert.Throws<ConfigurationException>(() => OriginService.Parse(text));

        Assert.Contains(words, refusal.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("password@", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Mutated_text_gives_a_service_that_reads_back_or_the_configuration_exception() =>
        MutatedText.Of(":/@[]?#%.-0a \u00e9", "ssh://localhost:22", "http://[::1]:80", "unix+tls:/a", "http_status:404").Sample(
            text =>
            {
                try
                {
                    var service = OriginService.Parse(text);
                    return OriginService.Parse(service.ToString()) is var again && again == service
                        && again.Port == service.Port && again.Kind == service.Kind && again.Host == service.Host;
                }
                catch (ConfigurationException)
                {
                    return true;
                }
            },
            iter: 20_000);
}
