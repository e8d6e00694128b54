using System.Text;
using Tunnel.Core.Ssh;
using Tunnel.Testing;

namespace Tunnel.Core.Tests.Ssh;

public sealed class SshConfigFileTests : IDisposable
{
    private const UnixFileMode Private = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private static readonly SshHost Box = new() { Name = "box", Hostname = "ssh.example.test", AgentPath = "/opt/tunnel-agent" };
    private readonly TemporaryDirectory _directory = new();

    private string Config => _directory.File("config");

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void A_host_is_given_back_as_it_was_registered()
    {
        var host = Box with
        {
            User = "alice", Port = 22, IdentityFile = "~/.ssh/id", UserKnownHostsFile = "/tmp/known hosts",
            StrictHostKeyChecking = "yes", ConnectTo = "[::1]:8443", ServiceTokenFile = "/t/o k", CertificateAuthorityFile = "/c/50%",
        };
        var file = new SshConfigFile(Config);
        var registered = file.Register(host);
        Assert.Equal(host with { ConfigFile = Config }, registered);
        Assert.Equal(registered, Assert.Single(file.Get()));
        Assert.Equal(registered, file.Get("box"));
        Assert.Null(file.Get("other"));
    }

    [Fact]
    public void The_same_host_twice_changes_nothing()
    {
        var file = new SshConfigFile(Config);
        file.Register(Box with { Name = "other" });
        file.Register(Box);
        var written = File.GetLastWriteTimeUtc(Config);
        var bytes = File.ReadAllBytes(Config);
        file.Register(Box with { Name = "other" });
        file.Register(Box);
        Assert.Equal(bytes, File.ReadAllBytes(Config));
        Assert.Equal(written, File.GetLastWriteTimeUtc(Config));
    }

    [Fact]
    public void A_host_of_the_same_name_is_replaced()
    {
        var file = new SshConfigFile(Config);
        file.Register(Box with { User = "alice" });
        file.Register(Box with { User = "bob" });
        Assert.Equal("bob", Assert.Single(file.Get()).User);
    }

    [Fact]
    public void A_block_that_came_to_stand_below_others_goes_up_again()
    {
        var file = new SshConfigFile(Config);
        file.Register(Box);
        File.WriteAllText(Config, "Host *\n  ProxyCommand none\n" + File.ReadAllText(Config));
        file.Register(Box);
        Assert.StartsWith("# >>> tunnel ssh host box >>>", File.ReadAllText(Config), StringComparison.Ordinal);
        Assert.EndsWith("Host *\n  ProxyCommand none\n", File.ReadAllText(Config), StringComparison.Ordinal);
    }

    [Fact]
    public void Unregistering_leaves_the_file_as_it_was_before()
    {
        byte[] before = [.. Encoding.UTF8.Preamble, .. "Host ümlaut\r\n\tUser b\xFFo"u8, 0xff, 0x00, (byte)'\r'];
        File.WriteAllBytes(Config, before);
        var file = new SshConfigFile(Config);
        file.Register(Box);
        file.Register(Box with { Name = "two" });
        Assert.True(file.Unregister("box"));
        Assert.True(file.Unregister("two"));
        Assert.False(file.Unregister("two"));
        Assert.Equal(before, File.ReadAllBytes(Config));
    }

    [Fact]
    public void Our_lines_end_as_the_others_do()
    {
        File.WriteAllText(Config, "Host a\r\n");
        new SshConfigFile(Config).Register(Box);
        Assert.DoesNotContain("\n", File.ReadAllText(Config).Replace("\r\n", "", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    [Fact]
    public void A_new_file_and_its_folder_are_for_the_owner_only()
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        var path = Path.Combine(_directory.FullName, "new", "config");
        new SshConfigFile(path).Register(Box);
        Assert.Equal(Private, File.GetUnixFileMode(path));
        Assert.Equal(Private | UnixFileMode.UserExecute, File.GetUnixFileMode(Path.GetDirectoryName(path)!));
        Assert.Equal([path], Directory.GetFileSystemEntries(Path.GetDirectoryName(path)!));
    }

    [Fact]
    public void An_old_file_keeps_its_mode()
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        const UnixFileMode mode = Private | UnixFileMode.GroupRead | UnixFileMode.OtherRead;
        File.WriteAllText(Config, "");
        File.SetUnixFileMode(Config, mode);
        new SshConfigFile(Config).Register(Box);
        Assert.Equal(mode, File.GetUnixFileMode(Config));
    }

    [Fact]
    public void A_symbolic_link_stays_one_and_its_target_is_changed()
    {
        var target = Path.Combine(Directory.CreateDirectory(_directory.File("dotfiles")).FullName, "ssh_config");
        File.WriteAllText(target, "Host a\n");
        File.CreateSymbolicLink(Config, "dotfiles/ssh_config");
        new SshConfigFile(Config).Register(Box);
        Assert.NotNull(new FileInfo(Config).LinkTarget);
        Assert.Contains("Host box", File.ReadAllText(target), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("# >>> tunnel ssh host box >>>\nHost box\n")]
    [InlineData("# <<< tunnel ssh host box <<<\n")]
    [InlineData("# >>> tunnel ssh host a >>>\n# >>> tunnel ssh host b >>>\n# <<< tunnel ssh host b <<<\n")]
    public void A_damaged_file_is_not_touched(string text)
    {
        File.WriteAllText(Config, text);
        var file = new SshConfigFile(Config);
        var e = Assert.Throws<SshConfigException>(() => file.Register(Box));
        Assert.Contains("nothing was changed", e.Message, StringComparison.Ordinal);
        Assert.Throws<SshConfigException>(() => file.Unregister("box"));
        Assert.Equal(text, File.ReadAllText(Config));
    }

    [Fact]
    public void A_service_token_goes_to_a_file_of_its_own_and_leaves_with_the_host()
    {
        var file = new SshConfigFile(Config);
        var host = file.Register(Box, new ServiceTokenFile("id.access", "s3cret"));
        Assert.DoesNotContain("s3cret", File.ReadAllText(Config), StringComparison.Ordinal);
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(Private, File.GetUnixFileMode(host.ServiceTokenFile!));
        }

        Assert.Equal("s3cret", ServiceTokenFile.Read(host.ServiceTokenFile!).ClientSecret);
        Assert.Equal(host, file.Get("box"));
        file.Unregister("box");
        Assert.False(File.Exists(host.ServiceTokenFile));
        Assert.Equal([Config], Directory.GetFileSystemEntries(_directory.FullName));
    }

    [Fact]
    public void A_token_file_that_is_no_longer_named_is_deleted()
    {
        var file = new SshConfigFile(Config);
        var host = file.Register(Box, new ServiceTokenFile("id.access", "s3cret"));
        file.Register(Box);
        Assert.False(File.Exists(host.ServiceTokenFile));
    }

    [Fact]
    public async Task Many_at_once_lose_nothing()
    {
        await File.WriteAllTextAsync(Config, "Host *\n  User bob\n");
        await Task.WhenAll(Enumerable.Range(0, 16).Select(i => Task.Run(() =>
            new SshConfigFile(Config).Register(Box with { Name = $"box{i}" }))));
        Assert.Equal(16, new SshConfigFile(Config).Get().Count);
        Assert.EndsWith("Host *\n  User bob\n", await File.ReadAllTextAsync(Config), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a b")]
    [InlineData("a\nProxyCommand evil")]
    [InlineData("*")]
    [InlineData("!a")]
    [InlineData("a,b")]
    [InlineData("-oProxyCommand=evil")]
    [InlineData("a\"")]
    [InlineData("")]
    [InlineData("a..b")]
    [InlineData("%h")]
    [InlineData("../config")]
    public void A_name_that_is_more_than_a_name_is_refused(string name)
    {
        var file = new SshConfigFile(Config);
        Assert.Throws<SshConfigException>(() => file.Register(Box with { Name = name }));
        Assert.Throws<SshConfigException>(() => file.Register(Box with { Hostname = name }));
        Assert.Throws<SshConfigException>(() => file.Unregister(name));
        Assert.False(File.Exists(Config));
    }

    [Fact]
    public void Values_that_would_begin_something_else_are_refused()
    {
        SshHost[] hosts =
        [
            Box with { User = "a b" },
            Box with { User = "a\nHost *" },
            Box with { User = "-l" },
            Box with { User = "" },
            Box with { Port = 0 },
            Box with { Port = 65536 },
            Box with { IdentityFile = "/a\n  ProxyCommand evil" },
            Box with { IdentityFile = "/a\" \"/b" },
            Box with { IdentityFile = "/${SECRET}" },
            Box with { UserKnownHostsFile = "/a\rb" },
            Box with { StrictHostKeyChecking = "no\nUser x" },
            Box with { AgentPath = "" },
            Box with { AgentPath = "/a\nb" },
            Box with { AgentPath = "/a'b" },
            Box with { ServiceTokenFile = "/a'; touch b; '" },
            Box with { CertificateAuthorityFile = "/a\0b" },
            Box with { ConnectTo = "a" },
            Box with { ConnectTo = "a:0" },
            Box with { ConnectTo = "a b:1" },
            Box with { ConnectTo = "$(x):1" },
            Box with { ConnectTo = ":1" },
        ];
        var file = new SshConfigFile(Config);
        foreach (var host in hosts)
        {
            Assert.Throws<SshConfigException>(() => file.Register(host));
        }

        Assert.False(File.Exists(Config));
    }
}
