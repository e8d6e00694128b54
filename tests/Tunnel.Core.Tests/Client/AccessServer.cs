using System.Net;
using System.Net.WebSockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging;
using Tunnel.Core.Client;
using Tunnel.Testing;

namespace Tunnel.Core.Tests.Client;

/// <summary>An edge's public side as far as a visitor sees it: Kestrel with TLS on loopback.</summary>
internal sealed class AccessServer : IAsyncDisposable
{
    public const string Host = "ssh.example.test";

    private readonly WebApplication _application;
    private readonly TestAuthority _authority;

    private AccessServer(WebApplication application, TestAuthority authority) =>
        (_application, _authority) = (application, authority);

    public TestAuthority Authority => _authority;

    public DnsEndPoint EndPoint => new("127.0.0.1", new Uri(_application.Urls.First()).Port);

    public static async Task<AccessServer> StartAsync(
        RequestDelegate serve, Func<TestAuthority, X509Certificate2>? issue = null)
    {
        var authority = new TestAuthority();
        var certificate = issue?.Invoke(authority) ?? authority.Issue(Host);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen =>
        {
            listen.Protocols = HttpProtocols.Http1AndHttp2;
            listen.UseHttps(certificate);
        }));
        var application = builder.Build();
        application.UseWebSockets();
        application.Run(serve);
        await application.StartAsync(TestContext.Current.CancellationToken);
        return new AccessServer(application, authority);
    }

    /// <summary>A server that accepts a WebSocket and hands it over.</summary>
    public static Task<AccessServer> StartWebSocketAsync(Func<WebSocket, CancellationToken, Task> serve) =>
        StartAsync(async context =>
        {
            using var socket = await context.WebSockets.AcceptWebSocketAsync();
            await serve(socket, context.RequestAborted);
        });

    /// <summary>A server that answers 101 and hands the raw connection over: to send what no WebSocket library would.</summary>
    public static Task<AccessServer> StartRawAsync(Func<Stream, HttpContext, Task> serve) =>
        StartAsync(async context =>
        {
            context.Response.Headers["Sec-WebSocket-Accept"] = Accept(context.Request.Headers["Sec-WebSocket-Key"].ToString());
            context.Response.Headers["Upgrade"] = "websocket";
            var stream = await context.Features.GetRequiredFeature<IHttpUpgradeFeature>().UpgradeAsync();
            await serve(stream, context);
        });

    /// <summary>Answers with a status, and nothing else.</summary>
    public static Task<AccessServer> StartRefusingAsync(int status, string? location = null, string? text = null) =>
        StartAsync(async context =>
        {
            context.Response.StatusCode = status;
            if (location is not null)
            {
                context.Response.Headers.Location = location;
            }

            if (text is not null)
            {
                context.Response.ContentType = "text/plain";
                context.Response.ContentLength = Encoding.UTF8.GetByteCount(text);
                await context.Response.WriteAsync(text);
            }
        });

    public AccessClientOptions Options(bool blocking = false) => new()
    {
        Address = Host,
        ConnectTo = EndPoint,
        CertificateAuthorities = _authority.Collection,
        ConnectTimeout = Eventually.Limit,
        BlockingIo = blocking,
    };

    public Task<AccessStream> ConnectAsync(bool blocking = false) => Run(
        () => AccessStream.ConnectAsync(Options(blocking), TestContext.Current.CancellationToken), blocking);

    /// <summary>Blocking operations get a thread of their own.</summary>
    public static Task<T> Run<T>(Func<Task<T>> action, bool blocking) => blocking
        ? Task.Factory.StartNew(action, default, TaskCreationOptions.LongRunning, TaskScheduler.Default).Unwrap()
        : action();

    public async ValueTask DisposeAsync()
    {
        using var atOnce = new CancellationTokenSource();
        await atOnce.CancelAsync();
        await _application.StopAsync(atOnce.Token);
        await _application.DisposeAsync();
        _authority.Dispose();
    }

    private static string Accept(string key) =>
#pragma warning disable CA5350 // RFC 6455 has it so.
        Convert.ToBase64String(SHA1.HashData(Encoding.ASCII.GetBytes(key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11")));
#pragma warning restore CA5350
}
