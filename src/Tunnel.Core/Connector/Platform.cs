using System.Runtime.InteropServices;

namespace Tunnel.Core.Connector;

/// <summary>The platform in the form that connectors report: Go's <c>GOOS_GOARCH</c>.</summary>
internal static class Platform
{
    public static string Name { get; } = $"{System}_{Architecture}";

    private static string System =>
        OperatingSystem.IsWindows() ? "windows" : OperatingSystem.IsMacOS() ? "darwin" : "linux";

    private static string Architecture => RuntimeInformation.ProcessArchitecture switch
    {
        global::System.Runtime.InteropServices.Architecture.X64 => "amd64",
        global::System.Runtime.InteropServices.Architecture.X86 => "386",
        var other => other.ToString().ToLowerInvariant(),
    };
}
