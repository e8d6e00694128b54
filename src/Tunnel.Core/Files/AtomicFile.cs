namespace Tunnel.Core.Files;

/// <summary>
/// Writes files so that a reader sees the old content or the new, never a part, and that nobody but the owner can read
/// them at any moment unless they could read the file before.
/// </summary>
internal static class AtomicFile
{
    /// <summary>Read and write for the owner only.</summary>
    public const UnixFileMode PrivateFile = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>For everybody to read.</summary>
    public const UnixFileMode PublicFile = PrivateFile | UnixFileMode.GroupRead | UnixFileMode.OtherRead;

    /// <summary>All for the owner only.</summary>
    public const UnixFileMode PrivateDirectory = PrivateFile | UnixFileMode.UserExecute;

    private const string TemporarySuffix = ".tmp";

    /// <summary>Replaces the file; a new one gets 0600, an old one keeps its mode. Symbolic links are followed.</summary>
    public static void Replace(string path, ReadOnlySpan<byte> content)
    {
        var target = Target(path);
        Write(target, content, !OperatingSystem.IsWindows() && File.Exists(target) ? File.GetUnixFileMode(target) : PrivateFile);
    }

    /// <summary>Replaces the file by one that only its owner can read, whatever it was before.</summary>
    public static void ReplacePrivate(string path, ReadOnlySpan<byte> content) => Write(Target(path), content, PrivateFile);

    /// <summary>Replaces the file by one that everybody can read and its owner can write, whatever it was before.</summary>
    public static void ReplacePublic(string path, ReadOnlySpan<byte> content) => Write(Target(path), content, PublicFile);

    /// <summary>Makes a file that only its owner can read; false if there is one by then. Of several at once, one makes it.</summary>
    /// <remarks>
    /// This one can be seen half written for a moment. To write it aside and move it to its name without overwriting is not
    /// exclusive: where there is nothing, .NET renames, and rename(2) replaces what another has put there meanwhile.
    /// </remarks>
    public static bool TryCreatePrivate(string path, ReadOnlySpan<byte> content)
    {
        var target = Target(path);
        FileStream? stream = null;
        while (stream is null)
        {
            try
            {
                stream = Create(target, PrivateFile);
            }
            catch (IOException error) when (IsLocked(error))
            {
                // Made here, and somebody else was faster to lock it, be it to read only: .NET does the one after the other.
                File.Delete(target);
            }
            catch (IOException error) when (File.Exists(target) || IsExists(error))
            {
                return false;
            }
        }

        try
        {
            using (stream)
            {
                stream.Write(content);
                stream.Flush(flushToDisk: true);
            }

            return true;
        }
        catch
        {
            File.Delete(target);
            throw;
        }
    }

    /// <summary>Makes the folder, 0700, if it is not there.</summary>
    public static void CreatePrivateDirectory(string path)
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(path);
        }
        else
        {
            Directory.CreateDirectory(path, PrivateDirectory);
        }
    }

    /// <summary>
    /// Makes the folder with exactly this mode, whatever this process' umask is, if it is not there. Nobody ever sees it with
    /// another one: it gets its name last.
    /// </summary>
    public static void CreateDirectory(string path, UnixFileMode mode)
    {
        if (Directory.Exists(path))
        {
            return;
        }

        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(path);
            return;
        }

        var temporary = Temporary(path);
        Directory.CreateDirectory(temporary, PrivateDirectory);
        try
        {
            File.SetUnixFileMode(temporary, mode);
            Directory.Move(temporary, path);
        }
        catch (IOException) when (Directory.Exists(path))
        {
            Directory.Delete(temporary); // somebody else has made it meanwhile
        }
        catch
        {
            Directory.Delete(temporary);
            throw;
        }
    }

    /// <summary>Whether a file or folder is one that is being written, or was when its writer was killed.</summary>
    public static bool IsTemporary(string path) => path.EndsWith(TemporarySuffix, StringComparison.Ordinal)
        && path.AsSpan(0, path.Length - TemporarySuffix.Length) is { Length: > 33 } rest && rest[^33] == '.' && Guid.TryParseExact(rest[^32..], "N", out _);

    /// <summary>The file that a path names in the end, whether it exists or not.</summary>
    public static string Target(string path)
    {
        // ResolveLinkTarget throws where nothing is.
        var file = new FileInfo(path);
        return file.LinkTarget is null ? file.FullName : file.ResolveLinkTarget(returnFinalTarget: true)!.FullName;
    }

    /// <summary>Whoever made it may have taken it away since. EEXIST, ERROR_FILE_EXISTS, ERROR_ALREADY_EXISTS.</summary>
    private static bool IsExists(IOException error) => (error.HResult & 0xFFFF) is 17 or 80 or 183;

    /// <summary>flock(2) says so, which comes after open(2) has made the file: EWOULDBLOCK, 11 on Linux and 35 on macOS.</summary>
    private static bool IsLocked(IOException error) =>
        !OperatingSystem.IsWindows() && error.HResult == (OperatingSystem.IsMacOS() ? 35 : 11);

    private static string Temporary(string target) => $"{target}.{Guid.NewGuid():N}{TemporarySuffix}";

    private static void Write(string target, ReadOnlySpan<byte> content, UnixFileMode mode)
    {
        var temporary = Temporary(target);
        try
        {
            using (var stream = Create(temporary, mode))
            {
                stream.Write(content);
                stream.Flush(flushToDisk: true);
            }

            if (OperatingSystem.IsWindows() && File.Exists(target))
            {
                // Keeps the access control list of the file.
                File.Replace(temporary, target, null);
            }
            else
            {
                File.Move(temporary, target, overwrite: true);
            }
        }
        catch
        {
            File.Delete(temporary);
            throw;
        }
    }

    private static FileStream Create(string path, UnixFileMode mode)
    {
        var options = new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.Write,
            Share = FileShare.None,
        };
        if (OperatingSystem.IsWindows())
        {
            return new FileStream(path, options);
        }

        options.UnixCreateMode = PrivateFile;
        var stream = new FileStream(path, options);
        try
        {
            if (mode != PrivateFile)
            {
                // Only ever what the file that is replaced had, which the umask of this process may lack.
                File.SetUnixFileMode(stream.SafeFileHandle, mode);
            }

            return stream;
        }
        catch
        {
            stream.Dispose();
            throw;
        }
    }
}
