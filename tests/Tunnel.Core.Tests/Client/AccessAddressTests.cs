using Tunnel.Core.Client;

namespace Tunnel.Core.Tests.Client;

public sealed class AccessAddressTests
{
    [Theory]
    [InlineData("ssh.example.com", "ssh.example.com", 443, "/")]
    [InlineData(" ssh.example.com ", "ssh.example.com", 443, "/")]
    [InlineData("ssh.example.com:8443", "ssh.example.com", 8443, "/")]
    [InlineData("https://ssh.example.com", "ssh.example.com", 443, "/")]
    [InlineData("http://ssh.example.com/a/b?c=d#e", "ssh.example.com", 443, "/a/b?c=d")]
    [InlineData("bücher.example", "xn--bcher-kva.example", 443, "/")]
    [InlineData("127.0.0.1:5", "127.0.0.1", 5, "/")]
    [InlineData("::1", "::1", 443, "/")]
    [InlineData("[::1]:99", "::1", 99, "/")]
    public void What_people_type_is_understood(string text, string host, int port, string path) =>
        Assert.Equal(new AccessAddress(host, port, path), AccessAddress.Parse(text));

    [Theory]
    [InlineData("")]
    [InlineData("https://")]
    [InlineData("a b")]
    [InlineData("user@host")]
    [InlineData("host:99999")]
    public void What_is_no_hostname_is_refused(string text) =>
        Assert.Throws<FormatException>(() => AccessAddress.Parse(text));

    [Theory]
    [InlineData("ssh.example.com", "ssh.example.com")]
    [InlineData("ssh.example.com:8443", "ssh.example.com:8443")]
    [InlineData("[::1]:99", "[::1]:99")]
    [InlineData("::1", "[::1]")]
    public void The_authority_is_what_a_Host_header_has(string text, string authority) =>
        Assert.Equal(authority, AccessAddress.Parse(text).Authority);
}
