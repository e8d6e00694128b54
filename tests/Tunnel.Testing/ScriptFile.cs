using System.Diagnostics;

namespace Tunnel.Testing;

/// <summary>Scripts that a test makes and has run.</summary>
public static class ScriptFile
{
    /// <summary>Writes one that its owner may run.</summary>
    /// <remarks>
    /// By a program of its own: a file that this process has open for writing while another thread starts a program is open
    /// there as well for a moment, and cannot be run meanwhile ("Text file busy").
    /// </remarks>
    public static void Write(string path, string text)
    {
        using var writer = Process.Start(new ProcessStartInfo("/bin/sh", ["-c", "cat > \"$0\" && chmod 700 \"$0\"", path])
        {
            RedirectStandardInput = true,
        })!;
        writer.StandardInput.Write(text);
        writer.StandardInput.Close();
        writer.WaitForExit();
        Assert.Equal(0, writer.ExitCode);
    }
}
