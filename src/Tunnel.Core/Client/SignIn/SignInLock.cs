using System.Text;
using System.Text.Json;
using Tunnel.Core.Files;

namespace Tunnel.Core.Client.SignIn;

/// <summary>
/// Lets one process of a user sign in while the others wait for what it gets: a file <c>TOKEN.lock</c> that names its owner,
/// and <c>TOKEN.url</c> with the link, which those who wait can show. cloudflared's are the same.
/// </summary>
internal sealed class SignInLock : IDisposable
{
    private const long StartTolerance = 1000;

    /// <summary>cloudflared never takes its lock away; after this time nobody is still signing in.</summary>
    private static readonly TimeSpan s_longest = TimeSpan.FromMinutes(10);

    private readonly string _file;

    private SignInLock(string file) => _file = file;

    private static string LinkFile(string tokenFile) => tokenFile + ".url";

    /// <summary>One try.</summary>
    /// <returns>Null while another process, which still runs, has it.</returns>
    public static SignInLock? TryTake(string tokenFile, TimeProvider time)
    {
        var file = tokenFile + ".lock";
        if (!Create(file))
        {
            if (IsHeld(file, time))
            {
                return null;
            }

            File.Delete(file);
            if (!Create(file))
            {
                return null;
            }
        }

        return new SignInLock(tokenFile);
    }

    /// <summary>What the process that has the lock shows its person; null when it has not said it.</summary>
    public static string? ReadLink(string tokenFile)
    {
        try
        {
            return new FileInfo(LinkFile(tokenFile)) is { Exists: true, Length: < 8192 }
                && Uri.TryCreate(File.ReadAllText(LinkFile(tokenFile)).Trim(), UriKind.Absolute, out var link) && link.Scheme == Uri.UriSchemeHttps
                    ? link.AbsoluteUri : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    public void WriteLink(Uri link) => AtomicFile.ReplacePrivate(LinkFile(_file), Encoding.ASCII.GetBytes(link.AbsoluteUri));

    public void Dispose()
    {
        File.Delete(LinkFile(_file));
        File.Delete(_file + ".lock");
    }

    private static bool Create(string file) => AtomicFile.TryCreatePrivate(
        file, JsonSerializer.SerializeToUtf8Bytes(
            new SignInLockOwner(Environment.ProcessId, ProcessStart.Of(Environment.ProcessId) ?? 0), SignInLockJson.Default.SignInLockOwner));

    private static bool IsHeld(string file, TimeProvider time)
    {
        try
        {
            return time.GetUtcNow() - File.GetLastWriteTimeUtc(file) < s_longest
                && JsonSerializer.Deserialize(File.ReadAllBytes(file), SignInLockJson.Default.SignInLockOwner) is { } owner
                && ProcessStart.Of(owner.ProcessId) is { } started && Math.Abs(started - owner.StartTime) <= StartTolerance;
        }
        catch (JsonException)
        {
            // cloudflared makes the file first and writes it then: look again before it is called abandoned.
            return time.GetUtcNow() - File.GetLastWriteTimeUtc(file) < TimeSpan.FromSeconds(2);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return File.Exists(file);
        }
    }
}
