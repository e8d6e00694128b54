using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Tunnel.Edge.Hosting;

/// <summary>
/// Keeps ASP.NET's own lines about each request out of the log: they repeat its query, in which codes of a sign-in and
/// secrets of applications travel. What the edge itself has to say of a request, it says.
/// </summary>
internal sealed class ServerLoggerFactory(ILoggerFactory inner) : ILoggerFactory
{
    private static readonly string[] s_silenced = ["Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Routing"];

    public ILogger CreateLogger(string categoryName) =>
        Array.Exists(s_silenced, name => categoryName.StartsWith(name, StringComparison.Ordinal))
            ? NullLogger.Instance : inner.CreateLogger(categoryName);

    public void AddProvider(ILoggerProvider provider) => inner.AddProvider(provider);

    public void Dispose()
    {
        // The inner one belongs to who made it.
    }
}
