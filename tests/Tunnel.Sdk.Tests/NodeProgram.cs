using Tunnel.Testing;

namespace Tunnel.Sdk.Tests;

/// <summary>Node.js and its npm, where the machine has them on the path.</summary>
internal sealed record NodeProgram(string Node, string Npm)
{
    public static NodeProgram? Find()
    {
        var (node, npm) = OperatingSystem.IsWindows() ? ("node.exe", "npm.cmd") : ("node", "npm");
        return OnPath(node) is { } program && OnPath(npm) is { } packages ? new NodeProgram(program, packages) : null;
    }

    /// <summary>Runs a script.</summary>
    /// <param name="environment">What it is told: a process list shows arguments, and not this.</param>
    public Task<ProcessResult> RunAsync(string script, IReadOnlyDictionary<string, string> environment) =>
        ProcessResult.RunAsync(Node, [script], TimeSpan.FromMinutes(5), environment);

    private static string? OnPath(string name) => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
        .Select(folder => Path.Combine(folder, name)).FirstOrDefault(File.Exists);
}
