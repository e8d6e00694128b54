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

    private const long MaxLength = 4096;

    /// <summary>After this time nobody is still signing in, to cloudflared too. So an owner that is, says so before.</summary>
    private static readonly TimeSpan s_longest = TimeSpan.FromMinutes(10);

    private static readonly TimeSpan s_refresh = TimeSpan.FromMinutes(1);

    private static readonly TimeSpan s_written = TimeSpan.FromSeconds(2);

    private static readonly DateTime s_past = new(2001, 1, 1, 0, 0, 0, DateTimeKind.Utc);

    private readonly string _file;
    private readonly byte[] _content;
    private readonly TimeProvider _time;
    private readonly ITimer _refresh;

    private SignInLock(string file, byte[] content, TimeProvider time)
    {
        (_file, _content, _time) = (file, content, time);
        _refresh = time.CreateTimer(_ => Refresh(), null, s_refresh, s_refresh);
    }

    private string LockFile => _file + ".lock";

    private static string LinkFile(string tokenFile) => tokenFile + ".url";

    /// <summary>One try.</summary>
    /// <returns>Null while another process, which still runs, has it.</returns>
    public static SignInLock? TryTake(string tokenFile, TimeProvider time)
    {
        var (file, content) = (tokenFile + ".lock", Owner());
        return AtomicFile.TryCreatePrivate(file, content)
            || (!IsHeld(file, time) && TryClear(file, time) && AtomicFile.TryCreatePrivate(file, content))
                ? new SignInLock(tokenFile, content, time) : null;
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
        _refresh.Dispose();
        try
        {
            // A machine that slept for long may find that another has taken it over.
            if (IsOwn())
            {
                File.Delete(LinkFile(_file));
                File.Delete(LockFile);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // It is gone, or goes with this process.
        }
    }

    private void Refresh()
    {
        try
        {
            if (IsOwn())
            {
                File.SetLastWriteTimeUtc(LockFile, _time.GetUtcNow().UtcDateTime);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The next time may work: there are several before anybody takes the lock for abandoned.
        }
    }

    private bool IsOwn() => File.ReadAllBytes(LockFile).AsSpan().SequenceEqual(_content);

    private static byte[] Owner() => JsonSerializer.SerializeToUtf8Bytes(
        new SignInLockOwner(Environment.ProcessId, ProcessStart.Of(Environment.ProcessId) ?? 0, Guid.NewGuid().ToString("N")),
        SignInLockJson.Default.SignInLockOwner);

    /// <summary>
    /// Takes an abandoned lock away. Of several that find it abandoned at once, none may take away what another has made
    /// since: who deletes has locked what it has read, and looks again at what has the name.
    /// </summary>
    private static bool TryClear(string file, TimeProvider time)
    {
        try
        {
            using var stream = new FileStream(
                file, FileMode.Open, FileAccess.Read, OperatingSystem.IsWindows() ? FileShare.Delete : FileShare.None);
            var content = new byte[Math.Min(stream.Length, MaxLength)];
            stream.ReadExactly(content);
            if (IsHeld(content, File.GetLastWriteTimeUtc(stream.SafeFileHandle), time) || !IsNamed(file, stream))
            {
                return false;
            }

            File.Delete(file);
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return !Path.Exists(file);
        }
    }

    /// <summary>
    /// Whether a name still is that of the file that is open. Windows keeps it while it is open like this; elsewhere
    /// (flock(2)) it may be another's by now, so the abandoned file is given a time that no other has.
    /// </summary>
    private static bool IsNamed(string file, FileStream stream)
    {
        if (OperatingSystem.IsWindows())
        {
            return true;
        }

        var mark = s_past.AddTicks(Random.Shared.NextInt64(TimeSpan.FromDays(3650).Ticks));
        File.SetLastWriteTimeUtc(stream.SafeFileHandle, mark);
        return File.GetLastWriteTimeUtc(file) == mark;
    }

    private static bool IsHeld(string file, TimeProvider time)
    {
        try
        {
            return IsHeld(File.ReadAllBytes(file), File.GetLastWriteTimeUtc(file), time);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return Path.Exists(file);
        }
    }

    private static bool IsHeld(byte[] content, DateTime written, TimeProvider time)
    {
        var age = time.GetUtcNow() - written;
        try
        {
            return age < s_longest
                && JsonSerializer.Deserialize(content, SignInLockJson.Default.SignInLockOwner) is { } owner
                && ProcessStart.Of(owner.ProcessId) is { } started && Math.Abs(started - owner.StartTime) <= StartTolerance;
        }
        catch (JsonException)
        {
            // cloudflared makes the file first and writes it then: look again before it is called abandoned.
            return age < s_written;
        }
    }
}
