using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Tunnel.EndToEnd.Tests.Adversary;

/// <summary>A real HTTP service that remembers each request as its own parser read it.</summary>
internal sealed class RecordingOrigin : IAsyncDisposable
{
    private readonly WebApplication _application;

    private RecordingOrigin(WebApplication application) => _application = application;

    public ConcurrentQueue<Recorded> Requests { get; } = new();

    public string Url => _application.Urls.Single();

    public static async Task<RecordingOrigin> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        var origin = new RecordingOrigin(builder.Build());
        origin._application.Run(origin.RecordAsync);
        await origin._application.StartAsync();
        return origin;
    }

    public ValueTask DisposeAsync() => _application.DisposeAsync();

    private async Task RecordAsync(HttpContext context)
    {
        using var reader = new StreamReader(context.Request.Body, System.Text.Encoding.Latin1);
        var body = await reader.ReadToEndAsync();
        var headers = context.Request.Headers.SelectMany(h => h.Value.Select(v => (h.Key, v ?? "")));
        var trailers = context.Request.CheckTrailersAvailable()
            ? context.Features.Get<Microsoft.AspNetCore.Http.Features.IHttpRequestTrailersFeature>()!.Trailers.SelectMany(h => h.Value.Select(v => (h.Key, v ?? "")))
            : [];
        Requests.Enqueue(new Recorded($"{context.Request.Method} {context.Request.Path}", [.. headers, .. trailers], body));
        await context.Response.WriteAsync("seen");
    }

    /// <param name="Line">Method and path.</param>
    /// <param name="Headers">With the trailers.</param>
    internal sealed record Recorded(string Line, IReadOnlyList<(string Name, string Value)> Headers, string Body)
    {
        public IEnumerable<string> Values(string name) =>
            Headers.Where(h => h.Name.Equals(name, StringComparison.OrdinalIgnoreCase)).Select(h => h.Value);
    }
}
