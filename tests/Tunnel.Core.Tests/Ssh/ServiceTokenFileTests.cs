using Tunnel.Core.Ssh;
using Tunnel.Testing;

namespace Tunnel.Core.Tests.Ssh;

public sealed class ServiceTokenFileTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    private string Token => _directory.File("token");

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void What_is_written_is_read_back()
    {
        new ServiceTokenFile("abc.access", "0123=456").Write(Token);
        var read = ServiceTokenFile.Read(Token);
        Assert.Equal(("abc.access", "0123=456"), (read.ClientId, read.ClientSecret));
    }

    [Fact]
    public void A_file_that_others_can_read_is_refused()
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        new ServiceTokenFile("a", "b").Write(Token);
        File.SetUnixFileMode(Token, File.GetUnixFileMode(Token) | UnixFileMode.OtherRead);
        var e = Assert.Throws<SshConfigException>(() => ServiceTokenFile.Read(Token));
        Assert.Contains("chmod 600", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_others_could_read_is_replaced_by_a_private_one()
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        File.WriteAllText(Token, "");
        File.SetUnixFileMode(Token, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.OtherRead);
        new ServiceTokenFile("a", "b").Write(Token);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Token));
    }

    [Theory]
    [InlineData("id=a.access\nsecret=b\n")]
    [InlineData("{\"id\":\"a.access\",\"secret\":\"b\"}")]
    [InlineData("{\"id\":\"uuid\",\"name\":\"n\",\"client_id\":\"a.access\",\"client_secret\":\"b\",\"duration\":8760}")]
    public void Short_names_and_JSON_are_read_too(string text)
    {
        var path = _directory.File("token");
        new ServiceTokenFile("x", "y").Write(path);
        File.WriteAllText(path, text);

        var token = ServiceTokenFile.Read(path);

        Assert.Equal(("a.access", "b"), (token.ClientId, token.ClientSecret));
    }

    [Theory]
    [InlineData("")]
    [InlineData("TUNNEL_SERVICE_TOKEN_ID=a\n")]
    [InlineData("{\"id\":\"a\",\"secret\":\"topsecret\"")]
    [InlineData("{\"id\":\"a\",\"secret\":7}")]
    [InlineData("TUNNEL_SERVICE_TOKEN_ID=a\nTUNNEL_SERVICE_TOKEN_SECRET=\n")]
    [InlineData("TUNNEL_SERVICE_TOKEN_ID=a b\nTUNNEL_SERVICE_TOKEN_SECRET=topsecret\n")]
    public void A_file_of_another_form_is_refused_without_being_shown(string text)
    {
        new ServiceTokenFile("a", "b").Write(Token);
        File.WriteAllText(Token, text);
        var e = Assert.Throws<SshConfigException>(() => ServiceTokenFile.Read(Token));
        Assert.DoesNotContain("topsecret", e.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a\nb")]
    [InlineData("")]
    [InlineData("a b")]
    public void A_secret_that_no_header_can_hold_is_refused(string secret) =>
        Assert.Throws<SshConfigException>(() => new ServiceTokenFile("a", secret));

    [Fact]
    public void Its_text_does_not_show_the_secret() =>
        Assert.DoesNotContain("hidden", new ServiceTokenFile("a", "hidden").ToString(), StringComparison.Ordinal);
}
