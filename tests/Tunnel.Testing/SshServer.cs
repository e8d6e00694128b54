using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;

namespace Tunnel.Testing;

/// <summary>A real <c>sshd</c> on a free loopback port, with throw-away keys, that lets the current user in.</summary>
public sealed class SshServer : IAsyncDisposable
{
    private readonly TemporaryDirectory _directory;
    private readonly Process _process;

    private SshServer(int port, Process process, TemporaryDirectory directory)
    {
        (Port, _process, _directory) = (port, process, directory);
    }

    public int Port { get; }

    public string Url => $"ssh://127.0.0.1:{Port}";

    /// <summary>The private key that is let in.</summary>
    public string IdentityFile => _directory.File("user_key");

    /// <summary>Holds the server's host key, for any name.</summary>
    public string KnownHostsFile => _directory.File("known_hosts");

    /// <summary>Its configuration, in a folder of its own.</summary>
    public string ConfigFile => _directory.File("sshd_config");

    /// <summary>The authorities whose certificates are let in; sshd reads it at each login.</summary>
    public string AuthorityFile => _directory.File("ca.pub");

    public string LogFile => _directory.File("sshd.log");

    /// <summary>Everything that sshd has logged: one "Connection from" line a connection.</summary>
    public string Log => File.ReadAllText(LogFile);

    /// <summary>Options for ssh and sftp to log in here, whatever else is configured on the machine.</summary>
    public IReadOnlyList<string> ClientOptions =>
    [
        "-F", "none", "-i", IdentityFile, "-o", "IdentitiesOnly=yes", "-o", $"UserKnownHostsFile={KnownHostsFile}",
        "-o", "StrictHostKeyChecking=yes", "-o", "BatchMode=yes", "-o", "ConnectTimeout=120",
    ];

    /// <param name="authority">
    /// The line of a certificate authority's key: then only its certificates are let in, and no key. Null: the key of
    /// <see cref="IdentityFile"/>.
    /// </param>
    public static async Task<SshServer> StartAsync(string? authority = null)
    {
        Assert.SkipUnless(File.Exists("/usr/sbin/sshd"), "sshd is not installed (Debian: openssh-server)");
        var directory = new TemporaryDirectory();
        foreach (var key in new[] { "host_key", "user_key" })
        {
            var made = await ProcessResult.RunAsync("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", directory.File(key)]);
            Assert.True(made.ExitCode == 0, made.Error);
        }

        if (authority is null)
        {
            File.Copy(directory.File("user_key.pub"), directory.File("authorized_keys"));
        }
        else
        {
            await File.WriteAllTextAsync(directory.File("ca.pub"), authority + "\n");
        }

        await File.WriteAllTextAsync(directory.File("known_hosts"), "* " + await File.ReadAllTextAsync(directory.File("host_key.pub")));
        // Without privilege separation's folder sshd refuses to start as root; Debian makes it at boot only.
        if (Environment.UserName == "root")
        {
            Directory.CreateDirectory("/run/sshd");
        }

        // A free port may be taken by somebody else before sshd has it: then the next one.
        for (var attempt = 0; ; attempt++)
        {
            var port = LoopbackPort.Next();
            await File.WriteAllTextAsync(directory.File("sshd_config"), Configuration(directory, port)
                + (authority is null ? "" : $"TrustedUserCAKeys {directory.File("ca.pub")}\n"));
            var process = Process.Start(new ProcessStartInfo(
                "/usr/sbin/sshd", ["-D", "-f", directory.File("sshd_config"), "-E", directory.File("sshd.log")])
            {
                RedirectStandardError = true,
            })!;
            try
            {
                await Eventually.True(() => process.HasExited || Answers(port), "sshd listens");
                if (!process.HasExited)
                {
                    return new SshServer(port, process, directory);
                }
            }
            catch
            {
                process.Kill();
                directory.Dispose();
                throw;
            }

            Assert.True(attempt < 5, $"sshd does not start: {await process.StandardError.ReadToEndAsync()}");
            process.Dispose();
        }
    }

    /// <summary>Has sshd read its configuration again.</summary>
    public async Task ReloadAsync()
    {
        var listening = Count();
        await ProcessResult.RunAsync("kill", ["-HUP", _process.Id.ToString(CultureInfo.InvariantCulture)]);
        await Eventually.True(() => Count() > listening, "sshd has read its configuration");

        int Count() => Log.Split("Server listening on").Length;
    }

    public async ValueTask DisposeAsync()
    {
        _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        _process.Dispose();
        _directory.Dispose();
    }

    private static string Configuration(TemporaryDirectory directory, int port) => string.Create(CultureInfo.InvariantCulture, $"""
        ListenAddress 127.0.0.1
        Port {port}
        HostKey {directory.File("host_key")}
        AuthorizedKeysFile {directory.File("authorized_keys")}
        PidFile none
        StrictModes no
        UsePAM no
        PasswordAuthentication no
        KbdInteractiveAuthentication no
        PermitRootLogin yes
        MaxStartups 200:30:400
        MaxSessions 100
        LogLevel VERBOSE
        Subsystem sftp internal-sftp

        """);

    private static bool Answers(int port)
    {
        try
        {
            using var client = new TcpClient("127.0.0.1", port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
