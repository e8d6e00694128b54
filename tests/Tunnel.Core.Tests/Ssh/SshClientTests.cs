using Tunnel.Core.Ssh;
using Tunnel.Testing;

namespace Tunnel.Core.Tests.Ssh;

/// <summary>What was meant is what the real ssh understands.</summary>
public sealed class SshClientTests : IDisposable
{
    private const string Agent = "/opt/tunnel/tunnel-agent";
    private readonly TemporaryDirectory _directory = new();

    private string Config => _directory.File("config");

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task Ssh_reads_every_value_as_it_was_given()
    {
        new SshConfigFile(Config).Register(new SshHost
        {
            Name = "box",
            Hostname = "ssh.example.test",
            AgentPath = Agent,
            User = "alice",
            Port = 2222,
            IdentityFile = "/keys/id ed25519",
            UserKnownHostsFile = "/keys/100% known",
            StrictHostKeyChecking = "accept-new",
            ServiceTokenFile = "/keys/token",
            ConnectTo = "127.0.0.1:8443",
            CertificateAuthorityFile = "/keys/ca.pem",
        });
        var values = await SshClient.ReadAsync(Config, "box");
        Assert.Equal("ssh.example.test", values["hostname"]);
        Assert.Equal("alice", values["user"]);
        Assert.Equal("2222", values["port"]);
        Assert.Equal("/keys/id ed25519", values["identityfile"]);
        Assert.Contains("known", values["userknownhostsfile"], StringComparison.Ordinal);
        Assert.Equal("accept-new", values["stricthostkeychecking"]);
        Assert.Equal(
            $"{Agent} access ssh --hostname %h --service-token-file /keys/token --connect-to 127.0.0.1:8443 --cacert /keys/ca.pem",
            values["proxycommand"]);
    }

    [Fact]
    public async Task Other_hosts_are_as_they_were()
    {
        await File.WriteAllTextAsync(Config, "User bob\nHost other\n  Port 2200\n");
        var before = await SshClient.ReadAsync(Config, "other");
        new SshConfigFile(Config).Register(new SshHost { Name = "box", AgentPath = Agent, User = "alice" });
        Assert.Equal(before, await SshClient.ReadAsync(Config, "other"));
    }

    [Fact]
    public async Task What_holds_for_all_hosts_at_the_top_of_the_file_still_does()
    {
        await File.WriteAllTextAsync(Config, "User bob\nCompression yes\n");
        new SshConfigFile(Config).Register(new SshHost { Name = "box", AgentPath = Agent });
        Assert.Equal("bob", (await SshClient.ReadAsync(Config, "elsewhere"))["user"]);
        Assert.Equal("yes", (await SshClient.ReadAsync(Config, "elsewhere"))["compression"]);
        Assert.Equal("bob", (await SshClient.ReadAsync(Config, "box"))["user"]);
    }

    [Theory]
    [InlineData("Host *\n  ProxyCommand none\n  HostName 192.0.2.1\n  User bob\n")]
    [InlineData("Match all\n  ProxyCommand none\n  HostName 192.0.2.1\n  User bob\n")]
    [InlineData("ProxyJump bastion\nHostName 192.0.2.1\nUser bob\n")]
    [InlineData("Host box\n  HostName 192.0.2.1\n  ProxyCommand none\n  User bob\n")]
    public async Task Our_host_goes_before_catch_alls_and_older_blocks(string before)
    {
        await File.WriteAllTextAsync(Config, before);
        new SshConfigFile(Config).Register(new SshHost { Name = "box", Hostname = "ssh.example.test", AgentPath = Agent, User = "alice" });
        var values = await SshClient.ReadAsync(Config, "box");
        Assert.Equal("ssh.example.test", values["hostname"]);
        Assert.StartsWith(Agent, values["proxycommand"], StringComparison.Ordinal);
        Assert.Equal("alice", values["user"]);
    }

    [Fact]
    public async Task A_config_with_line_ends_of_windows_is_read()
    {
        await File.WriteAllTextAsync(Config, "Host *\r\n  User bob\r\n");
        new SshConfigFile(Config).Register(new SshHost { Name = "box", AgentPath = Agent, Port = 22 });
        Assert.Equal("bob", (await SshClient.ReadAsync(Config, "box"))["user"]);
        Assert.EndsWith("--hostname %h", (await SshClient.ReadAsync(Config, "box"))["proxycommand"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Several_hosts_each_have_their_own()
    {
        var config = new SshConfigFile(Config);
        config.Register(new SshHost { Name = "one", Hostname = "one.example.test", AgentPath = Agent, User = "a" });
        config.Register(new SshHost { Name = "two", Hostname = "two.example.test", AgentPath = Agent, User = "b" });
        Assert.Equal("a", (await SshClient.ReadAsync(Config, "one"))["user"]);
        Assert.Equal("two.example.test", (await SshClient.ReadAsync(Config, "two"))["hostname"]);
    }

    [Theory]
    [InlineData("plain")]
    [InlineData("it has spaces")]
    [InlineData("$(touch OWNED)")]
    [InlineData("a;touch OWNED;")]
    [InlineData("100%h")]
    [InlineData("`touch OWNED`")]
    [InlineData("a&b|c#d!e*f?g[h]")]
    public async Task Ssh_runs_the_agent_for_a_certificate_and_takes_its_files(string folder)
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        var agent = Path.Combine(Directory.CreateDirectory(_directory.File(folder)).FullName, "agent");
        ScriptFile.Write(agent, "#!/bin/sh\nfor a in \"$@\"; do echo \"<$a>\" >&2; done\n");
        var keys = _directory.File("keys");
        var host = new SshConfigFile(Config).Register(new SshHost
        {
            Name = "box", Hostname = "ssh.example.test", AgentPath = agent, IdentityFile = "/keys/own", ShortLivedCertificate = true,
            CertificateFolder = keys, ConnectTo = "127.0.0.1:8443",
        });
        Assert.Equal(host, new SshConfigFile(Config).Get("box"));

        var (exitCode, output, error) = await SshClient.RunAsync("-F", Config, "-G", "box");

        Assert.True(exitCode == 0, error);
        Assert.StartsWith(
            $"<access>\n<ssh-gen>\n<--hostname>\n<ssh.example.test>\n<--folder>\n<{keys}>\n<--connect-to>\n<127.0.0.1:8443>\n", error, StringComparison.Ordinal);
        var lines = output.Split('\n');
        Assert.Contains($"certificatefile {keys}/ssh.example.test-cf_key-cert.pub", lines);
        Assert.Equal(
            ["identityfile /keys/own", $"identityfile {keys}/ssh.example.test-cf_key"],
            lines.Where(line => line.StartsWith("identityfile", StringComparison.Ordinal)));
        Assert.EndsWith($" access ssh --hostname %h --folder {keys} --connect-to 127.0.0.1:8443",
            lines.Single(line => line.StartsWith("proxycommand ", StringComparison.Ordinal)), StringComparison.Ordinal);
        Assert.False(File.Exists("OWNED"));
    }

    [Fact]
    public async Task Without_a_certificate_ssh_goes_on_with_the_keys_that_there_are_and_other_hosts_ask_for_none()
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        await File.WriteAllTextAsync(Config, "Host other\n  User bob\n");
        new SshConfigFile(Config).Register(new SshHost { Name = "box", Hostname = "ssh.example.test", AgentPath = "/bin/false", ShortLivedCertificate = true });

        var values = await SshClient.ReadAsync(Config, "box");
        Assert.DoesNotContain("certificatefile", values.Keys);
        Assert.StartsWith("/bin/false access ssh ", values["proxycommand"], StringComparison.Ordinal);
        Assert.Equal("bob", (await SshClient.ReadAsync(Config, "other"))["user"]);
    }

    [Theory]
    [InlineData("/opt/a\"b/agent")]
    [InlineData("/opt/a\\b/agent")]
    public void A_path_that_would_end_the_quotes_of_a_Match_line_is_refused(string agent) => Assert.Throws<SshConfigException>(
        () => new SshConfigFile(Config).Register(new SshHost { Name = "box", AgentPath = agent, ShortLivedCertificate = true }));

    [Theory]
    [InlineData("it has spaces")]
    [InlineData("$(touch OWNED)")]
    [InlineData("a;touch OWNED;")]
    [InlineData("100%h")]
    [InlineData("a\"b")]
    [InlineData("`touch OWNED`")]
    [InlineData("a&b|c#d!e*f?g[h]")]
    public async Task Ssh_starts_the_agent_whatever_its_path_looks_like(string folder)
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        // The agent is a script that tells its arguments on standard error, which ssh hands through.
        var agent = Path.Combine(Directory.CreateDirectory(_directory.File(folder)).FullName, "agent");
        ScriptFile.Write(agent, "#!/bin/sh\nfor a in \"$@\"; do echo \"<$a>\" >&2; done\n");
        var authority = Path.Combine(_directory.File(folder), "ca");
        new SshConfigFile(Config).Register(new SshHost
        {
            Name = "box", Hostname = "ssh.example.test", AgentPath = agent, CertificateAuthorityFile = authority,
        });
        var (_, _, error) = await SshClient.RunAsync("-T", "-F", Config, "-o", "BatchMode=yes", "box");
        Assert.StartsWith(
            $"<access>\n<ssh>\n<--hostname>\n<ssh.example.test>\n<--cacert>\n<{authority}>\n", error, StringComparison.Ordinal);
        Assert.False(File.Exists("OWNED"));
    }
}
