namespace Tunnel.Testing;

/// <summary>Finds the built <c>tunnel-agent</c>.</summary>
public static class AgentProgram
{
    /// <summary>
    /// What the variable <c>TUNNEL_AGENT</c> names (build.ps1 sets it to the native program), else the build's own.
    /// </summary>
    public static string Path { get; } = Environment.GetEnvironmentVariable("TUNNEL_AGENT") is { Length: > 0 } given
        ? given : Built();

    private static string Built()
    {
        // tests/Tunnel.X.Tests/bin/Release/net10.0/ is where this runs.
        var here = new DirectoryInfo(AppContext.BaseDirectory);
        var (framework, configuration) = (here.Name, here.Parent!.Name);
        var root = here.Parent.Parent!.Parent!.Parent!.Parent!;
        return System.IO.Path.Combine(root.FullName, "src", "Tunnel.Agent", "bin", configuration, framework, "tunnel-agent");
    }
}
