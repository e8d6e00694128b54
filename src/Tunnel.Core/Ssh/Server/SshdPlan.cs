using Tunnel.Core.Files;

namespace Tunnel.Core.Ssh.Server;

/// <summary>Which files of an sshd change, and to what: looked at by <c>-WhatIf</c>, or applied as a whole.</summary>
public sealed class SshdPlan
{
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
        var before = File.Exists(path) ? File.ReadAllBytes(path) : null;
        var bytes = after is null ? null : SshdText.Encoding.GetBytes(after);
        if (before is null ? bytes is not null : bytes is null || !before.AsSpan().SequenceEqual(bytes))
        {
            _changes.Add((path, before, bytes));
        }
    }

    internal void Apply()
    {
        foreach (var (path, before, after) in _changes)
        {
            Write(path, after, isNew: before is null);
        }
    }

    /// <summary>Puts everything back, whatever part of it was applied.</summary>
    internal void Undo()
    {
        foreach (var (path, before, _) in Enumerable.Reverse(_changes))
        {
            Write(path, before, isNew: false);
        }
    }

    private static void Write(string path, byte[]? content, bool isNew)
    {
        var folder = Path.GetDirectoryName(path)!;
        if (content is null)
        {
            File.Delete(path);
            if (Path.GetFileName(folder) == SshdCertificates.PrincipalsFolder && Directory.Exists(folder)
                && !Directory.EnumerateFileSystemEntries(folder).Any())
            {
                Directory.Delete(folder);
            }

            return;
        }

        Directory.CreateDirectory(folder);
        if (isNew || !File.Exists(path))
        {
            AtomicFile.ReplacePublic(path, content); // sshd reads principals as the user who logs in
        }
        else
        {
            AtomicFile.Replace(path, content);
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
