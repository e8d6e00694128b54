using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Tunnel.Core.Api;

namespace Tunnel.Core.Tests.Api;

/// <summary>A real Kestrel on loopback that answers as a test tells it, faults of the transport included.</summary>
public sealed class ScriptedApi : IAsyncDisposable
{
    private readonly WebApplication _application;
    private readonly Func<HttpContext, int, Task> _answer;
    private int _count;

    private ScriptedApi(Func<HttpContext, int, Task> answer, X509Certificate2? certificate)
    {
        _answer = answer;
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(options => options.Listen(IPAddress.Loopback, 0, listen =>
        {
            if (certificate is not null)
            {
                listen.UseHttps(certificate);
            }
        }));
        if (certificate is not null)
        {
            builder.WebHost.UseKestrelHttpsConfiguration();
        }

        _application = builder.Build();
        _application.Run(HandleAsync);
    }

    /// <summary>What was asked for: method, path and query.</summary>
    public ConcurrentQueue<string> Requests { get; } = new();

    public ConcurrentQueue<string> Bodies { get; } = new();

    public ConcurrentQueue<string> Authorizations { get; } = new();

    public Uri Address { get; private set; } = null!;

    /// <param name="answer">Gets the request and its number, from 0.</param>
    /// <param name="certificate">For HTTPS.</param>
    public static async Task<ScriptedApi> StartAsync(
        Func<HttpContext, int, Task> answer, X509Certificate2? certificate = null)
    {
        var api = new ScriptedApi(answer, certificate);
        await api._application.StartAsync();
        var features = api._application.Services.GetRequiredService<IServer>().Features;
        api.Address = new Uri(new Uri(features.Get<IServerAddressesFeature>()!.Addresses.Single()), "/client/v4");
        return api;
    }

    public TunnelApiClient Client(Func<TunnelApiOptions>? options = null) => new(options?.Invoke() ?? Options());

    public TunnelApiOptions Options(int retries = 4, TimeSpan? tryTimeout = null, TimeSpan? callTimeout = null, int pageSize = 50) => new()
    {
        BaseAddress = Address,
        ApiToken = "token-for-tests",
        Limits = new ApiLimits
        {
            MaxRetries = retries,
            RetryDelay = TimeSpan.FromMilliseconds(5),
            MaxRetryDelay = TimeSpan.FromMilliseconds(50),
            TryTimeout = tryTimeout ?? TimeSpan.FromSeconds(10),
            CallTimeout = callTimeout ?? TimeSpan.FromSeconds(20),
        },
        MaxResponseBytes = 64 * 1024,
        PageSize = pageSize,
    };

    public static Task OkAsync(HttpContext context, string result, string? info = null) => AnswerAsync(
        context, 200, $$"""{"success":true,"errors":[],"messages":[],"result":{{result}}{{(info is null ? "" : $",\"result_info\":{info}")}}}""");

    public static Task ErrorAsync(HttpContext context, int status, int code, string message) => AnswerAsync(
        context, status, $$"""{"success":false,"errors":[{"code":{{code}},"message":"{{message}}"}],"messages":[],"result":null}""");

    public static async Task AnswerAsync(HttpContext context, int status, string body, string type = "application/json")
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = type;
        await context.Response.WriteAsync(body);
    }

    public async ValueTask DisposeAsync()
    {
        using var now = new CancellationTokenSource(TimeSpan.Zero);
        await _application.StopAsync(now.Token);
        await _application.DisposeAsync();
    }

    private async Task HandleAsync(HttpContext context)
    {
        Requests.Enqueue($"{context.Request.Method} {context.Request.Path}{context.Request.QueryString}");
        Authorizations.Enqueue(context.Request.Headers.Authorization.ToString());
        using var reader = new StreamReader(context.Request.Body);
        Bodies.Enqueue(await reader.ReadToEndAsync());
        await _answer(context, Interlocked.Increment(ref _count) - 1);
    }
}
