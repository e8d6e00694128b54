namespace Tunnel.Testing;

/// <summary>A folder for one test, gone with it.</summary>
/// <remarks>It is made when it is first asked for: a test that is skipped while it is being set up is never disposed.</remarks>
public sealed class TemporaryDirectory : IDisposable
{
    private readonly Lazy<string> _path = new(() => Directory.CreateTempSubdirectory("tunnel-test-").FullName);

    public string FullName => _path.Value;

    public string File(string name) => Path.Combine(FullName, name);

    public void Dispose()
    {
        if (_path.IsValueCreated)
        {
            Directory.Delete(FullName, recursive: true);
        }
    }
}
