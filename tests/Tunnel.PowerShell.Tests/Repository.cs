namespace Tunnel.PowerShell.Tests;

/// <summary>Where things lie in the checkout that these tests were built from.</summary>
internal static class Repository
{
    public static string Root { get; } = FindRoot();

    public static string ModuleManifest => Path.Combine(Root, "Tunnel.psd1");

    public static string ModuleAssembly => Path.Combine(Root, "bin", "Tunnel.PowerShell.dll");

    public static string EngineFolder => Path.Combine(Root, "bin", "engine");

    public static string Agent => Path.Combine(Root, "bin", OperatingSystem.IsWindows() ? "tunnel-agent.exe" : "tunnel-agent");

    public static string Shell => Path.Combine(
        Root, "src", "Tunnel.Shell", "bin", Configuration, "net10.0", OperatingSystem.IsWindows() ? "tunnel-shell.exe" : "tunnel-shell");

    private static string Configuration => new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name;

    private static string FindRoot()
    {
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Tunnel.sln")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName ?? throw new InvalidOperationException("The tests run outside the repository.");
    }
}
