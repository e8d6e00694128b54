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

            if (!TryClear(file, time) || !Create(file))
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
        try
        {
            // After the longest time another may have taken it over.
            if (File.ReadAllBytes(_file + ".lock").AsSpan().SequenceEqual(Owner()))
            {
                File.Delete(LinkFile(_file));
                File.Delete(_file + ".lock");
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // It is gone, or goes with this process.
        }
    }

    private static bool Create(string file) => AtomicFile.TryCreatePrivate(file, Owner());

    private static byte[] Owner() => JsonSerializer.SerializeToUtf8Bytes(
        new SignInLockOwner(Environment.ProcessId, ProcessStart.Of(Environment.ProcessId) ?? 0), SignInLockJson.Default.SignInLockOwner);

    /// <summary>
    /// Takes an abandoned lock away. Of several that find it abandoned at once, none may take away what another has made
    /// since: it is moved aside first, looked at again, and put back.
    /// </summary>
    private static bool TryClear(string file, TimeProvider time)
    {
        var aside = $"{file}.{Guid.NewGuid():N}";
        try
        {
            File.Move(file, aside);
            if (IsHeld(aside, time))
            {
                File.Move(aside, file, overwrite: false);
                return false;
            }

            File.Delete(aside);
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return !File.Exists(file);
        }
    }

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
