using Tunnel.Core.Files;

namespace Tunnel.Core.Ssh.Server;

/// <summary>Which files of an sshd change, and to what: looked at by <c>-WhatIf</c>, or applied as a whole.</summary>
public sealed class SshdPlan
{
    /// <summary>For sshd to find a file of the user who logs in, as that user. StrictModes wants that nobody else can write.</summary>
    private const UnixFileMode PrincipalsMode = AtomicFile.PrivateDirectory | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    private const UnixFileMode SettingsMode = PrincipalsMode | UnixFileMode.GroupRead | UnixFileMode.OtherRead;

    private readonly List<(string Path, byte[]? Before, byte[]? After)> _changes = [];

    internal SshdPlan(SshdCertificateSettings settings) => Settings = settings;

    /// <summary>What holds afterwards.</summary>
    public SshdCertificateSettings Settings { get; }

    /// <summary>Whether anything changes.</summary>
    public bool IsEmpty => _changes.Count == 0;

    /// <summary>The changes for people: each file, and its lines that are new.</summary>
    public string Describe() => string.Join(Environment.NewLine, _changes.SelectMany(Describe));

    /// <param name="after">The content; null: the file is removed.</param>
    internal void Set(string path, string? after)
    {
        var before = Read(path);
        var bytes = after is null ? null : SshdText.Encoding.GetBytes(after);
        if (!IsSame(before, bytes))
        {
            _changes.Add((path, before, bytes));
        }
    }

    internal void Apply()
    {
        foreach (var (path, _, after) in _changes)
        {
            Write(path, after);
        }
    }

    /// <summary>Puts everything back, whatever part of it was applied; one file that cannot be put back keeps no other.</summary>
    /// <returns>What could not be put back, a sentence each.</returns>
    internal IReadOnlyList<string> Undo()
    {
        var failures = new List<string>();
        foreach (var (path, before, _) in Enumerable.Reverse(_changes))
        {
            try
            {
                // A file that was not reached, or cannot be written at all, is as it was.
                if (!IsSame(Read(path), before))
                {
                    Write(path, before);
                }
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                failures.Add($"{path} could not be put back: {e.Message}");
            }
        }

        return failures;
    }

    private static byte[]? Read(string path) => File.Exists(path) ? File.ReadAllBytes(path) : null;

    private static bool IsSame(byte[]? one, byte[]? other) =>
        one is null ? other is null : other is not null && one.AsSpan().SequenceEqual(other);

    private static void Write(string path, byte[]? content)
    {
        var folder = Path.GetDirectoryName(path)!;
        var isPrincipals = Path.GetFileName(folder) == SshdCertificates.PrincipalsFolder;
        if (content is null)
        {
            File.Delete(path);
            if (isPrincipals && Directory.Exists(folder) && !Directory.EnumerateFileSystemEntries(folder).Any())
            {
                Directory.Delete(folder);
            }

            return;
        }

        AtomicFile.CreateDirectory(folder, isPrincipals ? PrincipalsMode : SettingsMode);
        if (File.Exists(path))
        {
            AtomicFile.Replace(path, content);
        }
        else
        {
            AtomicFile.ReplacePublic(path, content); // sshd reads principals as the user who logs in
        }
    }

    private static IEnumerable<string> Describe((string Path, byte[]? Before, byte[]? After) change)
    {
        if (change.After is null)
        {
            yield return "Remove " + change.Path;
            yield break;
        }

        yield return "Write " + change.Path;
        var (before, after) = (Lines(change.Before), Lines(change.After));
        foreach (var line in after.Where(line => line.Length > 0 && !before.Contains(line)))
        {
            yield return "  + " + line;
        }

        foreach (var line in before.Where(line => line.Length > 0 && !after.Contains(line)))
        {
            yield return "  - " + line;
        }
    }

    private static string[] Lines(byte[]? content) =>
        SshdText.Encoding.GetString(content ?? []).Split('\n', StringSplitOptions.TrimEntries);
}
