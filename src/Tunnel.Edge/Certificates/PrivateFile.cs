namespace Tunnel.Edge.Certificates;

/// <summary>Files that only their owner may read, from the first moment on.</summary>
internal static class PrivateFile
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>Makes a folder that only its owner may enter.</summary>
    public static void CreateDirectory(string path)
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(path);
        }
        else
        {
            Directory.CreateDirectory(path, OwnerOnly | UnixFileMode.UserExecute);
        }
    }

    /// <summary>Writes beside the file first, so that it is either the old or the new, never half.</summary>
    public static void Write(string path, string text)
    {
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = OwnerOnly;
        }

        var fresh = path + ".new";
        File.Delete(fresh);
        using (var writer = new StreamWriter(fresh, options))
        {
            writer.Write(text);
        }

        File.Move(fresh, path, overwrite: true);
    }
}
