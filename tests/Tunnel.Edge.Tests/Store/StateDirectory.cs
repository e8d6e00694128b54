namespace Tunnel.Edge.Tests.Store;

/// <summary>A path that does not exist yet, and is removed with all that a test put there.</summary>
public sealed class StateDirectory : IDisposable
{
    public string Path { get; } = System.IO.Path.Combine(System.IO.Path.GetTempPath(), $"tunnel-edge-{Guid.NewGuid():N}");

    public void Dispose()
    {
        if (Directory.Exists(Path))
        {
            Directory.Delete(Path, recursive: true);
        }
    }
}
