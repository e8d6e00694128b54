using Tunnel.Agent.CommandLine;

namespace Tunnel.Agent.Access;

/// <summary>A file with a secret that only its owner may be able to read.</summary>
internal static class SecretFile
{
    private const int MaxLength = 64 * 1024;

    private const UnixFileMode Others =
        UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.OtherRead | UnixFileMode.OtherWrite;

    /// <exception cref="UsageException">Missing, empty, or open to others. Never says what is in it.</exception>
    public static string ReadLine(string path)
    {
        try
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            if (!OperatingSystem.IsWindows() && (File.GetUnixFileMode(file.SafeFileHandle) & Others) != 0)
            {
                throw new UsageException($"'{path}' can be read by others; run: chmod 600 '{path}'");
            }

            using var reader = new StreamReader(file);
            var text = file.Length <= MaxLength ? reader.ReadToEnd().Trim() : "";
            return text.Length > 0 ? text : throw new UsageException($"'{path}' is empty or far too long to hold a token.");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"'{path}' cannot be read: {error.Message}");
        }
    }
}
