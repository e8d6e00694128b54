using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Tunnel.Core.Client;
using Tunnel.Core.Client.SignIn;
using Tunnel.Protocol.Tokens;
using Tunnel.Protocol.Transfers;
using Tunnel.Testing;

namespace Tunnel.Core.Tests.Client.SignIn;

/// <summary>
/// An application's host and its team's as a program sees them that signs a person in: metadata, keys, the transfer. What
/// the person grants, and how it arrives, is the test's.
/// </summary>
internal sealed class LoneTeamEdge : IAsyncDisposable
{
    public const string Host = AccessServer.Host;
    public const string Team = "team.example.test";
    public const string Audience = "737646a56ab1df6ec9bddc7e5ca84eaf3b0768850f3ffb5d74f1534911fe3893";

    /// <summary>Made once: it takes longer than a test.</summary>
    private static readonly RSAParameters s_key = CreateKey();

    private AccessServer _server = null!;

    public TokenSigner Key { get; } = new("key-1", RSA.Create(s_key));

    /// <summary>All that was ever shown to it as a token or a cookie.</summary>
    public ConcurrentBag<string> Shown { get; } = [];

    /// <summary>The tokens with which a request is let in.</summary>
    public ConcurrentDictionary<string, bool> Taken { get; } = [];

    public string MetadataAudience { get; set; } = Audience;

    /// <summary>The answer to who waits with a key for what the person grants.</summary>
    public Func<HttpContext, TransferKey, Task> Transfer { get; set; } = (_, _) => throw new InvalidOperationException("Nobody is to be asked.");

    public AccessServer Server => _server;

    public static async Task<LoneTeamEdge> StartAsync(string names = $"{Host} {Team}")
    {
        var edge = new LoneTeamEdge();
        edge._server = await AccessServer.StartAsync(edge.ServeAsync, authority => authority.Issue(names));
        return edge;
    }

    /// <summary>A token of the application for the person, good for an hour.</summary>
    public string Token(string email = "alice@example.com", TokenSigner? key = null, string audience = Audience, string team = Team, int minutes = 60)
    {
        var token = (key ?? Key).Sign(new JsonObject
        {
            ["aud"] = new JsonArray(audience),
            ["email"] = email,
            ["iss"] = "https://" + team,
            ["type"] = "app",
            ["sub"] = "7335d417-61da-459d-899c-0a01c76a2f94",
            ["iat"] = DateTimeOffset.UtcNow.AddMinutes(-1).ToUnixTimeSeconds(),
            ["nbf"] = DateTimeOffset.UtcNow.AddMinutes(-1).ToUnixTimeSeconds(),
            ["exp"] = DateTimeOffset.UtcNow.AddMinutes(minutes).ToUnixTimeSeconds(),
            ["nonce"] = Guid.NewGuid().ToString(),
        });
        return token;
    }

    public string OrganizationToken(string team = Team) => Key.Sign(new JsonObject
    {
        ["aud"] = "org", ["iss"] = "https://" + team, ["type"] = "org", ["email"] = "alice@example.com",
        ["exp"] = DateTimeOffset.UtcNow.AddHours(1).ToUnixTimeSeconds(), ["nonce"] = Guid.NewGuid().ToString(),
    });

    /// <summary>The person says yes.</summary>
    public void Grant(string application, string organization = "")
    {
        Taken[application] = true;
        Transfer = (context, key) => SendAsync(context, SealedTransfer.Seal(key, Content(application, organization)));
    }

    public static byte[] Content(string application, string organization = "") => System.Text.Encoding.UTF8.GetBytes(
        new JsonObject { ["app_token"] = application, ["org_token"] = organization }.ToJsonString());

    public static Task SendAsync(HttpContext context, SealedTransfer transfer) => SendAsync(context, transfer.Content, transfer.Sender.ToString());

    public static Task SendAsync(HttpContext context, string content, string? sender)
    {
        if (sender is not null)
        {
            context.Response.Headers[SealedTransfer.SenderHeader] = sender;
        }

        return context.Response.WriteAsync(content);
    }

    public AccessSignIn SignIn(string folder, string? serverName = null, Uri? transferAddress = null) =>
        new(new AccessSignInOptions
        {
            Client = new AccessClientOptions
            {
                Address = Host,
                ConnectTo = _server.EndPoint,
                ServerName = serverName,
                CertificateAuthorities = _server.Authority.Collection,
            },
            Store = new AccessTokenStore(folder),
            OpensBrowser = false,
            CertificateAuthorityOption = "--authority",
            TransferAddress = transferAddress,
            Timeout = TimeSpan.FromSeconds(60),
            Say = _ => { },
        });

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        Key.Dispose();
    }

    private static RSAParameters CreateKey()
    {
        using var key = RSA.Create(2048);
        return key.ExportParameters(includePrivateParameters: true);
    }

    private async Task ServeAsync(HttpContext context)
    {
        var (request, response) = (context.Request, context.Response);
        var token = request.Headers["Cf-Access-Token"].ToString();
        foreach (var shown in new[] { token, request.Headers.Cookie.ToString() }.Where(shown => shown.Length > 0))
        {
            Shown.Add(shown);
        }

        if (request.Path == "/cdn-cgi/access/certs")
        {
            await response.Body.WriteAsync(new AccessTokenKeys([Key.PublicKey]).ToJson());
        }
        else if (request.Path.StartsWithSegments("/cdn-cgi/access/transfer", out var rest) && TransferKey.TryParse(rest.Value![1..], out var key))
        {
            await Transfer(context, key!);
        }
        else if (request.Headers["cf-access-metadata-request"] == "true")
        {
            response.Headers["cf-access-metadata"] = Key.Sign(new JsonObject
            {
                ["type"] = "match", ["aud"] = MetadataAudience, ["auth_domain"] = Team, ["hostname"] = Host, ["app_hostname"] = Host,
                ["iat"] = DateTimeOffset.UtcNow.ToUnixTimeSeconds(),
            });
        }
        else if (!Taken.ContainsKey(token))
        {
            response.Redirect($"https://{Team}/cdn-cgi/access/login/{Host}");
        }
    }
}
