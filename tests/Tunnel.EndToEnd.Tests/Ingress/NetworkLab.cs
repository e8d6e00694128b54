using System.Globalization;
using Tunnel.Testing;

namespace Tunnel.EndToEnd.Tests.Ingress;

/// <summary>
/// Three hosts on one network, each a namespace of its own: an edge, a server with sshd, a connector, a web server and a
/// UDP echo, and a stranger. Everything in them is a real program.
/// </summary>
public sealed class NetworkLab : IAsyncLifetime
{
    public const string Hostname = "ssh.example.test";
    public const string Server4 = "10.77.0.2";
    public const string Server6 = "fd77::2";

    private readonly string _name = $"tl{Environment.ProcessId % 100_000}{Random.Shared.Next(1000):000}";
    private readonly TemporaryDirectory _directory = new();
    private readonly List<RunningProgram> _programs = [];
    private readonly List<string> _hosts = [];
    private RunningProgram? _sshd;
    private RunningProgram? _edge;
    private RunningProgram? _connector;

    /// <summary>The user's home on every host: ssh's configuration is there.</summary>
    public string Home => _directory.FullName;

    /// <summary>Why these tests cannot run here; null: they can.</summary>
    public static string? Missing { get; } =
        !OperatingSystem.IsLinux() ? "network namespaces are Linux's"
        : !Environment.IsPrivilegedProcess ? "network namespaces need root"
        : new[] { "/usr/sbin/nft", "/usr/sbin/sshd", "/usr/bin/socat", "/usr/bin/ping" }.FirstOrDefault(p => !File.Exists(p)) is { } program
            ? $"{program} is not installed (Debian: nftables openssh-server socat iputils-ping)"
            : null;

    public async ValueTask InitializeAsync()
    {
        if (Missing is not null)
        {
            return;
        }

        await MakeNetworkAsync();
        await StartEdgeAsync();
        await StartServerAsync();
        await RunAsync("server", "ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", _directory.File("user"));
        File.Copy(_directory.File("user.pub"), _directory.File("authorized_keys"));
        await StartSshdAsync();
        await SetUpTunnelAsync();
    }

    /// <summary>Runs a program on a host to its end.</summary>
    public Task<ProcessResult> ExecuteAsync(string host, params IEnumerable<string> command) => ProcessResult.RunAsync(
        "ip", ["netns", "exec", $"{_name}-{host}", .. command], TimeSpan.FromMinutes(2), Variables());

    /// <summary>Runs a program that has to succeed.</summary>
    public async Task<string> RunAsync(string host, params string[] command)
    {
        var result = await ExecuteAsync(host, command);
        Assert.True(result.ExitCode == 0, $"{string.Join(' ', command)}: {result.Error}{result.Output}");
        return result.Output;
    }

    /// <summary>Starts a program on a host; it ends with the lab at the latest.</summary>
    internal RunningProgram Start(string host, params IEnumerable<string> command)
    {
        var program = new RunningProgram("ip", ["netns", "exec", $"{_name}-{host}", .. command], Variables());
        _programs.Add(program);
        return program;
    }

    /// <summary>Runs PowerShell with the module on the server.</summary>
    public Task<ProcessResult> PowerShellAsync(string script) => ExecuteAsync("server", PowerShell(script));

    /// <summary>Runs PowerShell that has to succeed without errors.</summary>
    public async Task<string> MustAsync(string script)
    {
        var result = await PowerShellAsync(script);
        Assert.True(result.ExitCode == 0, result.Output + result.Error);
        return result.Output;
    }

    /// <summary>The script that connects the account.</summary>
    public string Connect => $$"""
        $token = [Net.NetworkCredential]::new('', [IO.File]::ReadAllText('{{_directory.File("edge/api-token")}}').Trim()).SecurePassword
        $null = Connect-TunnelAccount -ApiToken $token -Address https://10.77.0.1:8443/client/v4/ -CertificateAuthorityFile '{{_directory.File("edge/ca.pem")}}' -EdgeAddress 10.77.0.1:7844 -PublicEndPoint 10.77.0.1:443 -TunnelDirectory '{{_directory.File("tunnel")}}'

        """;

    /// <summary>PowerShell that has the lab's folder as /run, so that it leaves nothing on the machine.</summary>
    internal IEnumerable<string> PowerShell(string script) =>
    [
        "unshare", "--mount", "sh", "-c", "mkdir -p \"$0/run\" && mount --bind \"$0/run\" /run && exec \"$@\"", Home,
        Repository.Shell, "-Command", $"$ErrorActionPreference = 'Stop'; Import-Module '{Repository.ModuleManifest}'; {script}",
    ];

    /// <summary>ssh from the stranger's host through the edge, as a user types it.</summary>
    public Task<ProcessResult> TunnelSshAsync(params string[] command) => ExecuteAsync("stranger", TunnelSsh(command));

    /// <summary>The command of it.</summary>
    public IEnumerable<string> TunnelSsh(params string[] command) => ["ssh", "-F", SshConfig, "lab", .. command];

    /// <summary>ssh straight to the server's address, which the lock is to prevent.</summary>
    public IEnumerable<string> DirectSsh(params string[] command) =>
    [
        "ssh", "-F", "none", "-i", _directory.File("user"), "-o", "StrictHostKeyChecking=no", "-o", "UserKnownHostsFile=/dev/null",
        "-o", "LogLevel=ERROR", "-o", "ConnectTimeout=3", "-o", "BatchMode=yes", $"root@{Server4}", .. command,
    ];

    /// <summary>Whether sshd answers a stranger who comes straight to the address.</summary>
    public async Task<bool> AnswersAsync(string address = Server4, int port = 22) =>
        (await ExecuteAsync("stranger", "timeout", "1", "bash", "-c", "exec 3<>/dev/tcp/$0/$1", address, port.ToString(CultureInfo.InvariantCulture))).ExitCode == 0;

    /// <summary>Whether it does, asked until it does: one second is not much for a busy machine.</summary>
    public Task MustAnswerAsync(string address = Server4, int port = 22) =>
        WaitForAsync(() => AnswersAsync(address, port), $"{address} answers at port {port}");

    public Task MustEchoAsync(string address) => WaitForAsync(() => EchoesAsync(address), $"{address} echoes");

    public async Task<bool> EchoesAsync(string address) =>
        (await ExecuteAsync("stranger", "bash", "-c", $"echo hello | socat -T 1 - UDP:{Bracketed(address)}:7")).Output.StartsWith("hello", StringComparison.Ordinal);

    /// <summary>The server's whole ruleset, without counters.</summary>
    public Task<string> RulesetAsync() => RunAsync("server", "nft", "-s", "list", "ruleset");

    /// <summary>Takes a lock away, whatever the state.</summary>
    public async Task OpenAsync() => await ExecuteAsync("server", "nft", "flush", "ruleset");

    public async Task StartSshdAsync()
    {
        _sshd = Start("server", "/usr/sbin/sshd", "-D", "-f", _directory.File("sshd_config"));
        await WaitForAsync(() => AnswersAsync(), "sshd answers");
    }

    public async Task StopEdgeAsync() => await _edge!.DisposeAsync();

    public async Task StopSshdAsync() => await _sshd!.DisposeAsync();

    /// <summary>The process of the connector.</summary>
    public int ConnectorId => _connector!.Id;

    /// <summary>Waits for something that has to be asked for by a program.</summary>
    public static Task WaitForAsync(Func<Task<bool>> condition, string what, TimeSpan? limit = null) =>
        Eventually.True(condition, what, limit);

    public async ValueTask DisposeAsync()
    {
        foreach (var program in _programs)
        {
            await program.DisposeAsync();
        }

        foreach (var host in _hosts)
        {
            await ProcessResult.RunAsync("ip", ["netns", "del", Space(host)]);
        }

        _directory.Dispose();
    }

    private string SshConfig => _directory.File(".ssh/config");

    private static string Bracketed(string address) => address.Contains(':', StringComparison.Ordinal) ? $"[{address}]" : address;

    private Dictionary<string, string> Variables() => new()
    {
        ["HOME"] = Home,
        ["XDG_CONFIG_HOME"] = Home,
        ["POWERSHELL_TELEMETRY_OPTOUT"] = "1",
        // Else the shells that are killed leave the socket of a pipe.
        ["POWERSHELL_DIAGNOSTICS_OPTOUT"] = "1",
    };

    /// <summary>The namespace of a host.</summary>
    public string Space(string host) => $"{_name}-{host}";

    /// <summary>Puts another host on the network, without an address, or beside it.</summary>
    public async Task AddHostAsync(string host, bool onTheSwitch = true)
    {
        await IpAsync("netns", "add", Space(host));
        _hosts.Add(host);
        await IpAsync("-n", Space(host), "link", "set", "lo", "up");
        if (onTheSwitch)
        {
            await IpAsync("-n", Space("switch"), "link", "add", $"to-{host}", "type", "veth", "peer", "name", "eth0", "netns", Space(host));
            await IpAsync("-n", Space("switch"), "link", "set", $"to-{host}", "master", "br0", "up");
            await IpAsync("-n", Space(host), "link", "set", "eth0", "up");
        }
    }

    /// <summary>Runs lines of shell that have to succeed.</summary>
    public Task<string> ShellAsync(string host, string script) => RunAsync(host, "sh", "-ec", script);

    private async Task MakeNetworkAsync()
    {
        await AddHostAsync("switch", onTheSwitch: false);
        await IpAsync("-n", $"{_name}-switch", "link", "add", "br0", "type", "bridge");
        await IpAsync("-n", $"{_name}-switch", "link", "set", "br0", "up");
        var number = 1;
        foreach (var host in new[] { "edge", "server", "stranger" })
        {
            var space = Space(host);
            await AddHostAsync(host);
            await IpAsync("-n", space, "addr", "add", $"10.77.0.{number}/24", "dev", "eth0");
            await IpAsync("-n", space, "addr", "add", $"fd77::{number}/64", "dev", "eth0", "nodad");
            await IpAsync("-n", space, "route", "add", "default", "via", "10.77.0.254");
            number++;
        }
    }

    private static async Task IpAsync(params string[] arguments)
    {
        var result = await ProcessResult.RunAsync("ip", arguments);
        Assert.True(result.ExitCode == 0, $"ip {string.Join(' ', arguments)}: {result.Error}");
    }

    public async Task StartEdgeAsync()
    {
        var edge = _edge = Start(
            "edge", AgentProgram.Path, "edge", "run", "--state-directory", _directory.File("edge"),
            "--tunnel-address", "10.77.0.1:7844", "--public-address", "10.77.0.1:443", "--api-address", "10.77.0.1:8443");
        await Eventually.True(() => edge.HasExited || edge.Output.Contains("cacert", StringComparison.Ordinal), "the edge listens");
        Assert.False(edge.HasExited, edge.Output);
    }

    /// <summary>The connector on the server, until somebody can log in through it.</summary>
    public async Task StartConnectorAsync()
    {
        if (_connector is { } dead)
        {
            await dead.DisposeAsync();
        }

        var configuration = Directory.GetFiles(_directory.File("tunnel"), "*.yml").First();
        var connector = _connector = Start(
            "server", AgentProgram.Path, "tunnel", "run", "--config", configuration, "--edge", "10.77.0.1:7844",
            "--cacert", _directory.File("edge/ca.pem"));
        await WaitForAsync(async () => (await TunnelSshAsync("true")).ExitCode == 0, $"ssh goes through the tunnel: {connector.Output}");
    }

    private async Task StartServerAsync()
    {
        Directory.CreateDirectory("/run/sshd");
        await File.WriteAllTextAsync(_directory.File("sshd_config"), $"""
            Port 22
            HostKey {_directory.File("host_key")}
            AuthorizedKeysFile {_directory.File("authorized_keys")}
            PidFile none
            StrictModes no
            UsePAM no
            PasswordAuthentication no
            PermitRootLogin yes

            """);
        await RunAsync("server", "ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", _directory.File("host_key"));
        Start("server", "socat", "TCP6-LISTEN:80,ipv6only=0,fork,reuseaddr", "SYSTEM:echo web");
        Start("server", "socat", "UDP6-RECVFROM:7,ipv6only=0,fork", "EXEC:cat");
    }

    // As the README has it: account, domain, lock, tunnel, client.
    private async Task SetUpTunnelAsync()
    {
        await MustAsync(Connect + $$"""

            $null = New-TunnelZone example.test
            $null = New-AccessApplication {{Hostname}}
            $null = New-AccessApplication locked.example.test
            $service = New-AccessServiceToken lab
            $null = New-AccessPolicy {{Hostname}} -Name machines -Decision NonIdentity -Include $service
            $null = Register-SshHost {{Hostname}} lab -ServiceToken $service -AgentPath '{{AgentProgram.Path}}' -User root -IdentityFile '{{_directory.File("user")}}' -UserKnownHostsFile '{{_directory.File("known_hosts")}}' -StrictHostKeyChecking accept-new
            $tunnel = Start-SshTunnel {{Hostname}} -Url ssh://localhost:22 | Wait-SshTunnel
            Stop-SshTunnel -Tunnel $tunnel
            """);
        await StartConnectorAsync();
    }
}
