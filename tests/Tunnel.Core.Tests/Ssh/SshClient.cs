using System.Diagnostics;

namespace Tunnel.Core.Tests.Ssh;

/// <summary>The ssh of this machine, asked how it reads a config.</summary>
internal static class SshClient
{
    /// <summary>What <c>ssh -G</c> says for a host: keywords in lower case, the first value of each.</summary>
    public static async Task<Dictionary<string, string>> ReadAsync(string config, string host)
    {
        var (exitCode, output, error) = await RunAsync("-F", config, "-G", host);
        Assert.True(exitCode == 0, error);
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var line in output.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            var parts = line.Split(' ', 2);
            values.TryAdd(parts[0], parts.Length > 1 ? parts[1] : "");
        }

        return values;
    }

    public static async Task<(int ExitCode, string Output, string Error)> RunAsync(params string[] arguments)
    {
        var start = new ProcessStartInfo("ssh")
        {
            RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true,
        };
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        using var ssh = Process.Start(start)!;
        ssh.StandardInput.Close();
        var output = ssh.StandardOutput.ReadToEndAsync();
        var error = ssh.StandardError.ReadToEndAsync();
        await ssh.WaitForExitAsync();
        return (ssh.ExitCode, await output, await error);
    }
}
