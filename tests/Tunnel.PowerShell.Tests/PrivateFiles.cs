namespace Tunnel.PowerShell.Tests;

internal static class PrivateFiles
{
    /// <summary>Fails unless the file is its owner's alone. On Windows files take the folder's rights.</summary>
    public static void AssertOwnerOnly(string file)
    {
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
        }
    }
}
