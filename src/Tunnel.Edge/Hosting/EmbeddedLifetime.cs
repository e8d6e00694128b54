using Microsoft.Extensions.Hosting;

namespace Tunnel.Edge.Hosting;

/// <summary>
/// Leaves the process's signals to the program that the edge runs in: the default would stop the listeners at the first
/// Ctrl+C, which in a shell is meant for the command that runs.
/// </summary>
internal sealed class EmbeddedLifetime : IHostLifetime
{
    public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
