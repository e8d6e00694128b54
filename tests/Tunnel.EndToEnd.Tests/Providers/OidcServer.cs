using System.Net;
using System.Net.Mime;
using System.Security.Claims;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using OpenIddict.Abstractions;
using OpenIddict.Server;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace Tunnel.EndToEnd.Tests;

/// <summary>A real OpenID Connect provider on loopback, where whoever comes is signed in as one person, or says who they are.</summary>
internal sealed class OidcServer : IAsyncDisposable
{
    public const string ClientId = "edge";
    public const string ClientSecret = "a secret of the edge's";

    private readonly WebApplication _application;
    private int _tokenRequests;
    private int _userInfoRequests;

    private OidcServer(WebApplication application, X509Certificate2 certificate) => (_application, Certificate) = (application, certificate);

    /// <summary>Who comes, where nobody is asked.</summary>
    public string Email { get; set; } = "alice@example.com";

    public bool EmailIsVerified { get; set; } = true;

    /// <summary>Shows a page that asks for the address.</summary>
    public bool AsksWho { get; set; }

    /// <summary>Whether its answers say whose they are (RFC 9207).</summary>
    public bool NamesItself { get; set; } = true;

    /// <summary>Further claims, each once for every value.</summary>
    public IList<(string Name, string Value)> Claims { get; } = [("name", "Alice"), ("department", "engineering")];

    /// <summary>What is done to the ID token's claims before it is signed once more; null leaves it alone.</summary>
    public Action<JsonObject>? Change { get; set; }

    /// <summary>What is done to the ID token as text.</summary>
    public Func<string, string>? Rewrite { get; set; }

    /// <summary>How often somebody came to its token endpoint.</summary>
    public int TokenRequests => Volatile.Read(ref _tokenRequests);

    /// <summary>How often somebody came to its userinfo endpoint.</summary>
    public int UserInfoRequests => Volatile.Read(ref _userInfoRequests);

    public X509Certificate2 Certificate { get; }

    public string Address => _application.Urls.Single();

    private OpenIddictServerOptions Options => _application.Services.GetRequiredService<IOptionsMonitor<OpenIddictServerOptions>>().CurrentValue;

    /// <param name="pathBase">Where it is on its host, such as <c>/oauth2/default</c>.</param>
    /// <param name="certificate">Null: one of its own.</param>
    public static async Task<OidcServer> StartAsync(string pathBase = "", string authorize = "authorize", string token = "token", string keys = "jwks",
        X509Certificate2? certificate = null)
    {
        certificate ??= TestCertificate.Create();
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen => listen.UseHttps(certificate)));
        OidcServer? server = null;
        builder.Services.AddAuthentication();
        builder.Services.AddOpenIddict().AddServer(options =>
        {
            options.EnableDegradedMode();
            options.SetAuthorizationEndpointUris(authorize).SetTokenEndpointUris(token).SetJsonWebKeySetEndpointUris(keys)
                .SetUserInfoEndpointUris("userinfo");
            options.AllowAuthorizationCodeFlow().RequireProofKeyForCodeExchange();
            options.RegisterScopes("email", "profile", "groups", "User.Read");
            options.AddEphemeralEncryptionKey().AddEphemeralSigningKey();
            options.UseAspNetCore();
            options.AddEventHandler<ValidateAuthorizationRequestContext>(handler => handler.UseInlineHandler(context =>
            {
                if (context.ClientId != ClientId)
                {
                    context.Reject(OpenIddictConstants.Errors.InvalidClient);
                }

                return default;
            }));
            options.AddEventHandler<ValidateTokenRequestContext>(handler => handler.UseInlineHandler(context =>
            {
                if (context.ClientId != ClientId || context.ClientSecret != ClientSecret)
                {
                    context.Reject(OpenIddictConstants.Errors.InvalidClient);
                }

                return default;
            }));
            options.AddEventHandler<HandleAuthorizationRequestContext>(handler => handler.UseInlineHandler(context =>
            {
                context.Principal = server!.SignIn(context.Request);
                return default;
            }));
            options.AddEventHandler<HandleUserInfoRequestContext>(handler => handler.UseInlineHandler(context =>
            {
                Interlocked.Increment(ref server!._userInfoRequests);
                (context.Subject, context.Email, context.EmailVerified) = (server.Email, server.Email, server.EmailIsVerified);
                return default;
            }));
            options.AddEventHandler<ApplyAuthorizationResponseContext>(handler => handler
                .SetOrder(OpenIddictServerHandlers.Authentication.AttachIssuer.Descriptor.Order + 1).UseInlineHandler(context =>
                {
                    context.Response.Iss = server!.NamesItself ? context.Response.Iss : null;
                    return default;
                }));
            options.AddEventHandler<ApplyTokenResponseContext>(handler => handler.SetOrder(int.MinValue).UseInlineHandler(context =>
            {
                context.Response.IdToken = context.Response.IdToken is { } issued ? server!.Finish(issued) : null;
                return default;
            }));
        });
        var application = builder.Build();
        application.UsePathBase(pathBase);
        application.Use((context, next) =>
        {
            Interlocked.Add(ref server!._tokenRequests, context.Request.Path == "/" + token ? 1 : 0);
            return server.AskAsync(context, "/" + authorize, next);
        });
        application.UseAuthentication();
        server = new OidcServer(application, certificate);
        await application.StartAsync();
        return server;
    }

    /// <summary>Signs with another key from now on, and tells of no other.</summary>
    public void RotateKey()
    {
        var options = Options;
        var key = new RsaSecurityKey(RSA.Create(2048)) { KeyId = Guid.NewGuid().ToString("N") };
        options.SigningCredentials.Clear();
        options.SigningCredentials.Add(new SigningCredentials(key, SecurityAlgorithms.RsaSha256));
        options.TokenValidationParameters.IssuerSigningKeys = [key];
    }

    public async ValueTask DisposeAsync()
    {
        await _application.StopAsync();
        await _application.DisposeAsync();
        Certificate.Dispose();
    }

    private string Finish(string token)
    {
        if (Change is not null)
        {
            var claims = JsonNode.Parse(Base64UrlEncoder.Decode(new JsonWebToken(token).EncodedPayload))!.AsObject();
            Change(claims);
            token = new JsonWebTokenHandler().CreateToken(claims.ToJsonString(), Options.SigningCredentials[0]);
        }

        return Rewrite?.Invoke(token) ?? token;
    }

    /// <summary>The page of a provider: a form of its own, which ends at the edge.</summary>
    private async Task AskAsync(HttpContext context, string path, Func<Task> next)
    {
        if (!AsksWho || context.Request.Path != path || !HttpMethods.IsGet(context.Request.Method))
        {
            await next();
            return;
        }

        var fields = string.Concat(context.Request.Query.Select(q =>
            $"""<input type="hidden" name="{WebUtility.HtmlEncode(q.Key)}" value="{WebUtility.HtmlEncode(q.Value)}">"""));
        context.Response.ContentType = MediaTypeNames.Text.Html;
        await context.Response.WriteAsync(
            $"""
            <!DOCTYPE html><html lang="en"><title>Provider</title><h1>Provider</h1><form method="post">{fields}
            <label>Address <input name="person" autofocus></label><button>Sign in</button></form></html>
            """);
    }

    private ClaimsPrincipal SignIn(OpenIddictRequest request)
    {
        var email = (string?)request["person"] ?? Email;
        var identity = new ClaimsIdentity("person");
        identity.AddClaim(new Claim("sub", email));
        identity.AddClaim(new Claim("email", email));
        identity.AddClaim(new Claim("email_verified", EmailIsVerified ? "true" : "false", ClaimValueTypes.Boolean));
        foreach (var (name, value) in Claims)
        {
            identity.AddClaim(new Claim(name, value));
        }

        identity.SetDestinations(_ => [OpenIddictConstants.Destinations.IdentityToken]);
        var principal = new ClaimsPrincipal(identity);
        principal.SetScopes(request.GetScopes());
        return principal;
    }
}
