using System.ComponentModel;
using System.Diagnostics;
using System.Text;

namespace Tunnel.Core.Ingress;

/// <summary>Runs the programs of a firewall, as this user or by <c>sudo</c>.</summary>
/// <param name="sudo">Put <c>sudo</c> before each program. It asks for the password on the terminal, if it needs one.</param>
public sealed class FirewallCommands(bool sudo = false)
{
    internal const string HowToBeRoot =
        "Changing the firewall needs root. Start PowerShell with sudo, or add -AsSudo. A service, which nobody can give a password, runs as root or needs a rule of sudoers with NOPASSWD.";

    /// <summary>Whether the programs get the rights that a firewall asks for.</summary>
    public bool IsPrivileged => sudo || Environment.IsPrivilegedProcess;

    public bool UsesSudo => sudo;

    /// <summary>Runs it to its end: a firewall that is stopped half-way would leave us not knowing what holds.</summary>
    /// <returns>What it printed.</returns>
    /// <exception cref="NetworkIngressException">It is not there, or it failed; the message has its own words.</exception>
    public async Task<string> RunAsync(FirewallCommand command, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(command);
        cancellationToken.ThrowIfCancellationRequested();
        var (exitCode, output, error) = await CompleteAsync(command, cancellationToken).ConfigureAwait(false);
        if (exitCode != 0 && sudo && error.Contains("a password is required", StringComparison.Ordinal))
        {
            throw new NetworkIngressException(
                NetworkIngressError.NotPrivileged,
                $"sudo did not get a password. Type it on the terminal, run as root, or let sudo ask for none: a rule of sudoers with NOPASSWD. It said: {FirstLines(error)}");
        }

        return exitCode == 0 ? output : throw new NetworkIngressException(
            NetworkIngressError.FirewallRefused, $"{command.Program} ended with {exitCode}: {FirstLines(error)}");
    }

    /// <summary>Runs it, whatever it says.</summary>
    public Task<(int ExitCode, string Output, string Error)> ExecuteAsync(FirewallCommand command)
    {
        ArgumentNullException.ThrowIfNull(command);
        return CompleteAsync(command, CancellationToken.None);
    }

    private async Task<(int ExitCode, string Output, string Error)> CompleteAsync(FirewallCommand command, CancellationToken cancellationToken)
    {
        using var process = Start(command);
        var output = process.StandardOutput.ReadToEndAsync(CancellationToken.None);
        var error = process.StandardError.ReadToEndAsync(CancellationToken.None);
        try
        {
            await process.StandardInput.WriteAsync(command.Input).ConfigureAwait(false);
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // It ended without reading; its exit code says why.
        }

        try
        {
            await process.WaitForExitAsync(command.MayBeCut ? cancellationToken : CancellationToken.None).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }

        return (process.ExitCode, await output.ConfigureAwait(false), await error.ConfigureAwait(false));
    }

    private Process Start(FirewallCommand command)
    {
        List<string> words = sudo ? ["sudo", "--", command.Program, .. command.Arguments] : [command.Program, .. command.Arguments];
        if (!OperatingSystem.IsWindows() && !command.MayBeCut && IsOnPath(words[0]))
        {
            // A terminal sends Ctrl+C, and its end, to all that runs on it; what is ignored stays so in the programs that follow.
            words.InsertRange(0, ["/bin/sh", "-c", "trap '' INT QUIT HUP; exec \"$@\"", "sh"]);
        }

        var start = new ProcessStartInfo(words[0], words[1..])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardOutputEncoding = Encoding.UTF8,
            StandardInputEncoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false),
        };
        start.Environment["LC_ALL"] = "C";
        if (OperatingSystem.IsWindows())
        {
            start.CreateNewProcessGroup = !command.MayBeCut;
        }

        try
        {
            return Process.Start(start)!;
        }
        catch (Win32Exception e)
        {
            throw new NetworkIngressException(
                NetworkIngressError.FirewallMissing, $"The program '{words[0]}' is not on the PATH. {Advice(words[0])}", e);
        }
    }

    // A shell in between would say in words of its own that there is no such program.
    private static bool IsOnPath(string program) =>
        program.Contains('/', StringComparison.Ordinal)
            ? File.Exists(program)
            : (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Any(folder => File.Exists(Path.Combine(folder, program)));

    private static string Advice(string program) => OperatingSystem.IsLinux()
        ? $"Debian and Ubuntu: apt-get install {(program == "nft" ? "nftables" : program)}."
        : "It is part of the system.";

    private static string FirstLines(string text) => string.Join(" ", text.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Take(3));
}
