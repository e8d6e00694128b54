using System.ComponentModel;
using System.Diagnostics;

namespace Tunnel.Core.Login;

/// <summary>Shows an address in the person's browser.</summary>
/// <param name="variable">Reads environment variables.</param>
internal sealed class BrowserLauncher(Func<string, string?> variable)
{
    /// <summary>Starts the browser and does not wait for it.</summary>
    /// <returns>False where no browser would be seen, or none starts.</returns>
    public bool TryOpen(Uri address)
    {
        ArgumentNullException.ThrowIfNull(address);
        if (Command(address) is not { } start)
        {
            return false;
        }

        try
        {
            using var process = Process.Start(start);
            return true;
        }
        catch (Exception e) when (e is Win32Exception or InvalidOperationException or IOException)
        {
            return false;
        }
    }

    private ProcessStartInfo? Command(Uri address)
    {
        if (OperatingSystem.IsWindows())
        {
            return new ProcessStartInfo(address.AbsoluteUri) { UseShellExecute = true };
        }

        if (OperatingSystem.IsMacOS())
        {
            return Quiet("/usr/bin/open", address);
        }

        // Without a screen xdg-open starts a browser for text in this terminal, which the shell still uses.
        var opener = Has("DISPLAY") || Has("WAYLAND_DISPLAY") ? "xdg-open" : Has("WSL_DISTRO_NAME") ? "wslview" : null;
        return opener is not null && Find(opener) is { } path ? Quiet(path, address) : null;
    }

    /// <summary>What it writes must not land between the lines of this program, whatever it goes on to start.</summary>
    private static ProcessStartInfo Quiet(string program, Uri address) =>
        new("/bin/sh", ["-c", "exec \"$0\" \"$1\" </dev/null >/dev/null 2>&1", program, address.AbsoluteUri]);

    private bool Has(string name) => !string.IsNullOrEmpty(variable(name));

    private string? Find(string program) => (variable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
        .Select(folder => Path.Combine(folder, program)).FirstOrDefault(File.Exists);
}
