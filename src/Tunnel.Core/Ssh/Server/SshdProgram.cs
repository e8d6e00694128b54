using System.ComponentModel;
using System.Diagnostics;

namespace Tunnel.Core.Ssh.Server;

/// <summary>sshd itself: what it makes of its configuration, and telling the running one.</summary>
internal sealed class SshdProgram(SshdOptions options)
{
    // Fixed: older versions refuse to say anything about a configuration with Match lines without all of these.
    private const string Connection = "user=root,host=localhost,addr=127.0.0.1,laddr=127.0.0.1,lport=22";

    private static readonly string[] s_units = ["ssh.service", "sshd.service"];

    private static readonly TimeSpan s_timeout = TimeSpan.FromSeconds(30);

    /// <summary>Checks the configuration and reads what it comes to: keywords in lower case.</summary>
    /// <exception cref="SshdException">sshd is missing, or says what is wrong.</exception>
    public async Task<Dictionary<string, string>> ReadAsync(CancellationToken cancellationToken)
    {
        if (!File.Exists(options.ConfigFile))
        {
            throw new SshdException($"There is no {options.ConfigFile}. Is an SSH server installed? (Debian, Ubuntu: apt-get install openssh-server)");
        }

        await RunAsync(["-t", "-f", options.ConfigFile], cancellationToken).ConfigureAwait(false);
        var output = await RunAsync(["-T", "-C", Connection, "-f", options.ConfigFile], cancellationToken).ConfigureAwait(false);
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var line in output.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            var space = line.IndexOf(' ', StringComparison.Ordinal);
            values.TryAdd(space < 0 ? line : line[..space], space < 0 ? "" : line[(space + 1)..]);
        }

        return values;
    }

    /// <summary>Tells the system's own sshd, where systemd runs it.</summary>
    /// <returns>False: nobody was told.</returns>
    /// <exception cref="SshdException">It runs, and does not take the configuration.</exception>
    public async Task<bool> ReloadAsync(CancellationToken cancellationToken)
    {
        if ((options.ServiceManager ?? SystemManager()) is not { } manager)
        {
            return false;
        }

        foreach (var unit in s_units)
        {
            var (isActive, _, _) = await ExecuteAsync(manager, ["is-active", "--quiet", unit], cancellationToken).ConfigureAwait(false);
            if (isActive == 0)
            {
                var (exitCode, _, error) = await ExecuteAsync(manager, ["reload", unit], cancellationToken).ConfigureAwait(false);
                return exitCode == 0 ? true : throw new SshdException($"systemctl reload {unit} failed: {Short(error)}");
            }
        }

        return false;
    }

    private string? SystemManager() =>
        options.ConfigFile == SshdOptions.DefaultConfigFile && Directory.Exists("/run/systemd/system") ? "systemctl" : null;

    private async Task<string> RunAsync(IEnumerable<string> arguments, CancellationToken cancellationToken)
    {
        var (exitCode, output, error) = await ExecuteAsync(options.Program, arguments, cancellationToken).ConfigureAwait(false);
        return exitCode == 0 ? output : throw new SshdException($"sshd does not take its configuration: {Short(error)}");
    }

    private static async Task<(int ExitCode, string Output, string Error)> ExecuteAsync(
        string program, IEnumerable<string> arguments, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true,
        };
        start.Environment["LC_ALL"] = "C";
        try
        {
            using var process = Process.Start(start)!;
            process.StandardInput.Close();
            var output = process.StandardOutput.ReadToEndAsync(CancellationToken.None);
            var error = process.StandardError.ReadToEndAsync(CancellationToken.None);
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            limit.CancelAfter(s_timeout);
            try
            {
                await process.WaitForExitAsync(limit.Token).ConfigureAwait(false);
            }
            catch (OperationCanceledException)
            {
                process.Kill(entireProcessTree: true);
                cancellationToken.ThrowIfCancellationRequested();
                throw new SshdException($"{program} does not end.");
            }

            return (process.ExitCode, await output.ConfigureAwait(false), await error.ConfigureAwait(false));
        }
        catch (Win32Exception e)
        {
            throw new SshdException($"The program '{program}' cannot be started: {e.Message}", e);
        }
    }

    // What sshd says names files, so its lines are long.
    private static string Short(string text) => string.Concat(string.Join(" ", text
        .Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Take(3))
        .Where(static c => !char.IsControl(c)).Take(600));
}
