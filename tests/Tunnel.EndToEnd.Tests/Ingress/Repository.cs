namespace Tunnel.EndToEnd.Tests.Ingress;

/// <summary>Where the checkout has what these tests start.</summary>
internal static class Repository
{
    // tests/Tunnel.EndToEnd.Tests/bin/Release/net10.0/ is where this runs.
    private static readonly DirectoryInfo s_here = new(AppContext.BaseDirectory);
    private static readonly string s_root = s_here.Parent!.Parent!.Parent!.Parent!.Parent!.FullName;

    public static string Root => s_root;

    public static string ModuleManifest => Path.Combine(s_root, "Tunnel.psd1");

    public static string Shell => Path.Combine(s_root, "src", "Tunnel.Shell", "bin", s_here.Parent!.Name, s_here.Name, "tunnel-shell");
}
