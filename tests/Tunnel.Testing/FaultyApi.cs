using System.Collections.Concurrent;
using System.Net;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Tunnel.Testing;

/// <summary>Stands before the API of a real edge, passes on what comes, and lets go wrong what the test says.</summary>
public sealed class FaultyApi : IAsyncDisposable
{
    private readonly WebApplication _application;
    private readonly HttpClient _edge;
    private readonly ConcurrentQueue<string> _requests = new();
    private readonly ConcurrentQueue<string> _reached = new();

    private FaultyApi(HttpClient edge)
    {
        _edge = edge;
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(static options => options.Listen(IPAddress.Loopback, 0));
        _application = builder.Build();
        _application.Run(HandleAsync);
    }

    /// <summary>Says what goes wrong with a request, by its method and its path with the query.</summary>
    public Func<string, string, ApiFault> Plan { get; set; } = static (_, _) => ApiFault.None;

    /// <summary>Every request that came, such as <c>POST zones</c>.</summary>
    public IReadOnlyCollection<string> Requests => _requests;

    /// <summary>The requests that the edge has seen.</summary>
    public IReadOnlyCollection<string> Reached => _reached;

    /// <summary>The address of the API, on plain HTTP.</summary>
    public Uri Address { get; private set; } = null!;

    /// <param name="edge">Reaches the edge's API with its base address.</param>
    public static async Task<FaultyApi> StartAsync(HttpClient edge)
    {
        var api = new FaultyApi(edge);
        await api._application.StartAsync();
        var addresses = api._application.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!;
        api.Address = new Uri(new Uri(addresses.Addresses.Single()), "/client/v4/");
        return api;
    }

    /// <summary>Lets one request of this method go wrong, the first that comes from now on.</summary>
    public void FailOnce(string method, ApiFault fault)
    {
        var left = 1;
        Plan = (actual, _) => actual == method && Interlocked.Exchange(ref left, 0) == 1 ? fault : ApiFault.None;
    }

    /// <summary>Lets every request of this method go wrong, until <see cref="Forget"/>.</summary>
    public void FailAlways(string method, ApiFault fault) =>
        Plan = (actual, _) => actual == method ? fault : ApiFault.None;

    public void Forget()
    {
        _requests.Clear();
        _reached.Clear();
        Plan = static (_, _) => ApiFault.None;
    }

    public async ValueTask DisposeAsync()
    {
        await _application.DisposeAsync();
        _edge.Dispose();
    }

    private async Task HandleAsync(HttpContext context)
    {
        var path = (context.Request.Path + context.Request.QueryString.ToString())["/client/v4/".Length..];
        _requests.Enqueue($"{context.Request.Method} {path}");
        var fault = Plan(context.Request.Method, path);
        switch (fault)
        {
            case ApiFault.CutBefore:
                context.Abort();
                return;
            case ApiFault.TooManyRequests:
                await AnswerAsync(context, 429, """{"success":false,"errors":[{"code":10429,"message":"slow down"}],"messages":[],"result":null}""");
                return;
            case ApiFault.TooManyRequestsRetryAfter:
                context.Response.Headers.RetryAfter = "0";
                await AnswerAsync(context, 429, """{"success":false,"errors":[{"code":10429,"message":"slow down"}],"messages":[],"result":null}""");
                return;
            case ApiFault.ServerError:
                await AnswerAsync(context, 500, """{"success":false,"errors":[{"code":10001,"message":"broken"}],"messages":[],"result":null}""");
                return;
            case ApiFault.BadGateway:
                await AnswerAsync(context, 502, "<html><body><h1>502 Bad Gateway</h1></body></html>", "text/html");
                return;
            default:
                await PassAsync(context, path, fault);
                return;
        }
    }

    private async Task PassAsync(HttpContext context, string path, ApiFault fault)
    {
        using var request = new HttpRequestMessage(
            new HttpMethod(context.Request.Method), fault == ApiFault.RepeatedPage ? path.Replace("page=2", "page=1", StringComparison.Ordinal) : path);
        request.Headers.TryAddWithoutValidation("Authorization", (string?)context.Request.Headers.Authorization);
        if (context.Request.ContentLength > 0)
        {
            using var body = new MemoryStream();
            await context.Request.Body.CopyToAsync(body, context.RequestAborted);
            request.Content = new ByteArrayContent(body.ToArray());
            request.Content.Headers.TryAddWithoutValidation("Content-Type", "application/json");
        }

        using var answer = await _edge.SendAsync(request);
        var text = await answer.Content.ReadAsStringAsync();
        _reached.Enqueue($"{context.Request.Method} {path}");
        await PassBackAsync(context, fault, (int)answer.StatusCode, text);
    }

    private static async Task PassBackAsync(HttpContext context, ApiFault fault, int status, string text)
    {
        switch (fault)
        {
            case ApiFault.CutAfter:
                context.Abort();
                break;
            case ApiFault.CutWithin or ApiFault.Stalled:
                context.Response.ContentLength = text.Length;
                context.Response.ContentType = "application/json";
                await context.Response.WriteAsync(text[..(text.Length / 2)]);
                await context.Response.Body.FlushAsync();
                if (fault == ApiFault.Stalled)
                {
                    await Task.Delay(Timeout.Infinite, context.RequestAborted).ContinueWith(static _ => { }, TaskScheduler.Default);
                }

                context.Abort();
                break;
            case ApiFault.ServerErrorAfter:
                await AnswerAsync(context, 500, """{"success":false,"errors":[{"code":10001,"message":"broken"}],"messages":[],"result":null}""");
                break;
            case ApiFault.OtherJson:
                await AnswerAsync(context, 200, """["what","is","this"]""");
                break;
            case ApiFault.OtherResult:
                await AnswerAsync(context, 200, """{"success":true,"errors":[],"messages":[],"result":"what is this"}""");
                break;
            case ApiFault.WrongContentType:
                await AnswerAsync(context, status, text, "text/html");
                break;
            case ApiFault.DoubledEntries:
                await AnswerAsync(context, status, Doubled(text));
                break;
            default:
                await AnswerAsync(context, status, text);
                break;
        }
    }

    private static string Doubled(string text)
    {
        var envelope = JsonNode.Parse(text)!.AsObject();
        if (envelope["result"] is JsonArray entries)
        {
            envelope["result"] = new JsonArray([.. entries.SelectMany(e => new[] { e?.DeepClone(), e?.DeepClone() })]);
        }

        return envelope.ToJsonString();
    }

    private static Task AnswerAsync(HttpContext context, int status, string text, string type = "application/json")
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = type;
        return context.Response.WriteAsync(text);
    }
}
