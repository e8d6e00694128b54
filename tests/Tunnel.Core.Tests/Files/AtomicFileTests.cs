using Tunnel.Core.Files;
using Tunnel.Testing;

namespace Tunnel.Core.Tests.Files;

public sealed class AtomicFileTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task Who_reads_a_file_while_it_is_made_does_not_keep_it_from_being_made()
    {
        var path = _directory.File("lock");
        var ended = false;
        var reading = Task.Run(() =>
        {
            while (!Volatile.Read(ref ended))
            {
                try
                {
                    File.OpenRead(path).Dispose();
                }
                catch (IOException)
                {
                    // It is not there, or just being written.
                }
            }
        });
        try
        {
            for (var i = 0; i < 5000; i++)
            {
                Assert.True(AtomicFile.TryCreatePrivate(path, "content"u8));
                Assert.False(AtomicFile.TryCreatePrivate(path, "other"u8));
                File.Delete(path);
            }
        }
        finally
        {
            Volatile.Write(ref ended, true);
            await reading;
        }
    }
}
