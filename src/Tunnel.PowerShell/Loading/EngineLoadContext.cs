using System.Reflection;
using System.Runtime.InteropServices;
using System.Runtime.Loader;

namespace Tunnel.PowerShell.Loading;

/// <summary>
/// Loads the engine and everything that it depends on from <c>bin/engine</c>, whatever versions of the same assemblies
/// the process already has: another module's YamlDotNet is none of ours, and ours none of theirs.
/// </summary>
internal sealed class EngineLoadContext(string folder) : AssemblyLoadContext("Tunnel")
{
    /// <summary>
    /// The engine's own assembly of that name, for whoever asks from outside (PowerShell, the cmdlets); null for
    /// every assembly that is not the engine's, so that no other module ever gets one of our dependencies.
    /// </summary>
    public Assembly? LoadEngineAssembly(AssemblyName name) =>
        name.Name is { } simple && simple.StartsWith("Tunnel.", StringComparison.Ordinal) ? Load(name) : null;

    protected override Assembly? Load(AssemblyName assemblyName)
    {
        string path = Path.Combine(folder, assemblyName.Name + ".dll");
        return File.Exists(path) ? LoadFromAssemblyPath(path) : null;
    }

    protected override nint LoadUnmanagedDll(string unmanagedDllName)
    {
        // Some packages name their library with its prefix (libsodium), some without (e_sqlite3).
        string extension = OperatingSystem.IsWindows() ? ".dll" : OperatingSystem.IsMacOS() ? ".dylib" : ".so";
        string[] names = [unmanagedDllName, unmanagedDllName + extension, $"lib{unmanagedDllName}{extension}"];
        string? path = names.Select(name => Path.Combine(folder, name)).FirstOrDefault(File.Exists);
        return path is null ? 0 : NativeLibrary.Load(path);
    }
}
