using System.Security.Cryptography;
using Tunnel.Testing;

namespace Tunnel.Sdk.Tests;

/// <summary>
/// The scripts with their packages. These are installed once for each lock file, into the project's <c>obj</c>: outside of
/// the sources, and gone with <c>./build.ps1 Clean</c>.
/// </summary>
internal sealed class SdkFolder
{
    /// <summary>As the build copied them.</summary>
    private static readonly string s_scripts = Path.Combine(AppContext.BaseDirectory, "sdk");

    private SdkFolder(string path) => FullName = path;

    public string FullName { get; }

    public static string OperationsFile => Path.Combine(s_scripts, "operations.json");

    /// <summary>Installs what is not there yet.</summary>
    /// <returns>Null, and the reason, where the packages cannot be had.</returns>
    public static async Task<(SdkFolder? Folder, string Reason)> PrepareAsync(NodeProgram node)
    {
        var installed = Path.Combine(ProjectFolder, "obj", "sdk", await HashAsync(Path.Combine(s_scripts, "package-lock.json")));
        if (!Directory.Exists(installed))
        {
            // Beside its place first: half an installation never counts as one.
            var fresh = installed + "." + Path.GetRandomFileName();
            Copy(s_scripts, fresh);
            var result = await ProcessResult.RunAsync(
                node.Npm, ["ci", "--prefix", fresh, "--ignore-scripts", "--no-audit", "--no-fund"], TimeSpan.FromMinutes(5));
            if (result.ExitCode != 0)
            {
                Directory.Delete(fresh, recursive: true);
                return (null, "npm could not install the SDK: " + FirstError(result.Error));
            }

            try
            {
                Directory.Move(fresh, installed);
            }
            catch (IOException) when (Directory.Exists(installed))
            {
                Directory.Delete(fresh, recursive: true);
            }
        }

        Copy(s_scripts, installed);
        return (new SdkFolder(installed), "");
    }

    /// <summary>Where the project file is, above the folder that it was built into.</summary>
    private static string ProjectFolder
    {
        get
        {
            DirectoryInfo? folder = new(AppContext.BaseDirectory);
            while (folder is not null && folder.GetFiles("*.csproj").Length == 0)
            {
                folder = folder.Parent;
            }

            return folder?.FullName ?? throw new InvalidOperationException("The tests run outside the repository.");
        }
    }

    private static async Task<string> HashAsync(string file)
    {
        await using var stream = File.OpenRead(file);
        return Convert.ToHexStringLower(await SHA256.HashDataAsync(stream))[..16];
    }

    private static void Copy(string from, string to)
    {
        foreach (var file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
        {
            var target = Path.Combine(to, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target, overwrite: true);
        }
    }

    /// <summary>npm begins with the kind of error, such as <c>npm error code ENOTFOUND</c>, and ends with where its log is.</summary>
    private static string FirstError(string text) => text
        .Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
        .FirstOrDefault(line => line.StartsWith("npm error", StringComparison.Ordinal)) ?? "it gave no reason";
}
