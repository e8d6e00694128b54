using System.Net;
using System.Net.Security;
using Tunnel.Testing;

namespace Tunnel.PowerShell.Tests.Pipeline;

/// <summary>Stands before an edge's API and passes on what comes, until it is told to let somebody wait.</summary>
public sealed class HeldApi : IDisposable
{
    private readonly HttpListener _listener;
    private readonly HttpClient _edge;
    private readonly CancellationTokenSource _end = new();
    private (string Method, WaitKind Kind, TaskCompletionSource Waits)? _plan;

    public HeldApi(Uri edge, SslClientAuthenticationOptions trusting)
    {
        _edge = new HttpClient(new SocketsHttpHandler { SslOptions = trusting }) { BaseAddress = edge };
        (_listener, Address) = Listen();
        _ = AcceptAsync();
    }

    /// <summary>The address of the API, on plain HTTP.</summary>
    public Uri Address { get; }

    /// <summary>Lets every call of the method wait from now on.</summary>
    /// <returns>Ends when one does so.</returns>
    public Task Hold(string method, WaitKind kind)
    {
        // The test goes on at the other side of this.
        var waits = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _plan = (method, kind, waits);
        return waits.Task;
    }

    public void Release() => _plan = null;

    public void Dispose()
    {
        _end.Cancel();
        _listener.Close();
        _edge.Dispose();
        _end.Dispose();
    }

    private static (HttpListener Listener, Uri Address) Listen()
    {
        for (int left = 10; ; left--)
        {
            var address = new Uri($"http://127.0.0.1:{LoopbackPort.Next()}/client/v4/");
            var listener = new HttpListener { Prefixes = { address.AbsoluteUri } };
            try
            {
                listener.Start();
                return (listener, address);
            }
            catch (HttpListenerException) when (left > 0)
            {
                // Somebody else was given the port meanwhile.
            }
        }
    }

    private async Task AcceptAsync()
    {
        while (!_end.IsCancellationRequested)
        {
            try
            {
                _ = AnswerAsync(await _listener.GetContextAsync());
            }
            catch (Exception e) when (e is HttpListenerException or ObjectDisposedException or InvalidOperationException)
            {
                return;
            }
        }
    }

    private async Task AnswerAsync(HttpListenerContext context)
    {
        try
        {
            if (_plan is { } plan && plan.Method == context.Request.HttpMethod)
            {
                await LetWaitAsync(context, plan.Kind, plan.Waits);
                return;
            }

            await PassAsync(context);
        }
        catch (Exception e) when (e is HttpListenerException or ObjectDisposedException or OperationCanceledException or IOException)
        {
            // The caller has gone, as it should when it is stopped.
        }
    }

    private async Task LetWaitAsync(HttpListenerContext context, WaitKind kind, TaskCompletionSource waits)
    {
        switch (kind)
        {
            case WaitKind.Polls:
                await PassAsync(context);
                waits.TrySetResult();
                return;
            case WaitKind.BackOff:
                context.Response.StatusCode = 429;
                context.Response.AddHeader("Retry-After", "60");
                context.Response.Close("{\"success\":false,\"errors\":[],\"messages\":[],\"result\":null}"u8.ToArray(), willBlock: false);
                break;
            case WaitKind.Refused:
                context.Response.StatusCode = 400;
                context.Response.Close("{\"success\":false,\"errors\":[{\"code\":1,\"message\":\"no\"}],\"messages\":[],\"result\":null}"u8.ToArray(), willBlock: false);
                break;
            case WaitKind.SlowBody:
                context.Response.ContentLength64 = 1000;
                await context.Response.OutputStream.WriteAsync("{\"success\":"u8.ToArray(), _end.Token);
                await context.Response.OutputStream.FlushAsync(_end.Token);
                break;
        }

        waits.TrySetResult();
    }

    private async Task PassAsync(HttpListenerContext context)
    {
        using var request = new HttpRequestMessage(
            new HttpMethod(context.Request.HttpMethod), context.Request.Url!.PathAndQuery);
        request.Headers.TryAddWithoutValidation("Authorization", context.Request.Headers["Authorization"]);
        if (context.Request.HasEntityBody)
        {
            using var body = new MemoryStream();
            await context.Request.InputStream.CopyToAsync(body, _end.Token);
            request.Content = new ByteArrayContent(body.ToArray());
            request.Content.Headers.TryAddWithoutValidation("Content-Type", "application/json");
        }

        using HttpResponseMessage answer = await _edge.SendAsync(request, _end.Token);
        context.Response.StatusCode = (int)answer.StatusCode;
        context.Response.ContentType = "application/json";
        context.Response.Close(await answer.Content.ReadAsByteArrayAsync(_end.Token), willBlock: false);
    }
}
