using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Tunnel.Benchmarks.Report;

/// <summary>What the numbers depend on besides the programs.</summary>
internal static class MachineFacts
{
    /// <summary>The machine, the runtime and the programs, a line each.</summary>
    public static string Read(BenchmarkOptions options)
    {
        var agent = new FileInfo(options.Agent);
        // A native agent holds its runtime; the other one is a small host for assemblies, or a bundle of them.
        var isNative = !File.Exists(Path.Combine(agent.DirectoryName!, "tunnel-agent.dll"))
            && !File.Exists(Path.Combine(agent.DirectoryName!, "tunnel-agent.runtimeconfig.json"));
        return string.Join(Environment.NewLine,
            $"{Environment.ProcessorCount} cores ({Processor()}), {RuntimeInformation.OSDescription}, load before: {Load()}",
            $"{RuntimeInformation.FrameworkDescription} in the load generator and the origin",
            $"{Version(options.Agent, "version")}, {(isNative ? "native" : "on the .NET runtime")}: {options.Agent}",
            options.Cloudflared is { } cloudflared ? $"{Version(cloudflared, "version")}: {cloudflared}" : "no cloudflared to compare with");
    }

    private static string Processor() => !File.Exists("/proc/cpuinfo") ? RuntimeInformation.ProcessArchitecture.ToString()
        : File.ReadLines("/proc/cpuinfo").FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal))
            ?.Split(':', 2)[1].Trim() ?? RuntimeInformation.ProcessArchitecture.ToString();

    private static string Load() => File.Exists("/proc/loadavg") ? File.ReadAllText("/proc/loadavg").Split(' ')[0] : "unknown";

    private static string Version(string program, string argument)
    {
        using var process = Process.Start(new ProcessStartInfo(program, [argument]) { RedirectStandardOutput = true })!;
        var line = process.StandardOutput.ReadLine();
        process.WaitForExit();
        return line ?? Path.GetFileName(program);
    }
}
