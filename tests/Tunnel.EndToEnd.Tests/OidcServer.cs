using System.Net;
using System.Security.Claims;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OpenIddict.Abstractions;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace Tunnel.EndToEnd.Tests;

/// <summary>A real OpenID Connect provider on loopback, where whoever comes is signed in as one person.</summary>
internal sealed class OidcServer : IAsyncDisposable
{
    public const string ClientId = "edge";
    public const string ClientSecret = "a secret of the edge's";

    private readonly WebApplication _application;

    private OidcServer(WebApplication application, X509Certificate2 certificate) => (_application, Certificate) = (application, certificate);

    /// <summary>Who comes.</summary>
    public string Email { get; set; } = "alice@example.com";

    public bool EmailIsVerified { get; set; } = true;

    public X509Certificate2 Certificate { get; }

    public string Address => _application.Urls.Single();

    public static async Task<OidcServer> StartAsync()
    {
        var certificate = CreateCertificate();
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen => listen.UseHttps(certificate)));
        OidcServer? server = null;
        builder.Services.AddAuthentication();
        builder.Services.AddOpenIddict().AddServer(options =>
        {
            options.EnableDegradedMode();
            options.SetAuthorizationEndpointUris("authorize").SetTokenEndpointUris("token").SetJsonWebKeySetEndpointUris("jwks");
            options.AllowAuthorizationCodeFlow().RequireProofKeyForCodeExchange();
            options.RegisterScopes("email", "profile");
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
        });
        var application = builder.Build();
        application.UseAuthentication();
        server = new OidcServer(application, certificate);
        await application.StartAsync();
        return server;
    }

    public async ValueTask DisposeAsync()
    {
        await _application.StopAsync();
        await _application.DisposeAsync();
        Certificate.Dispose();
    }

    private ClaimsPrincipal SignIn(OpenIddictRequest request)
    {
        var identity = new ClaimsIdentity("person");
        identity.AddClaim(new Claim("sub", Email));
        identity.AddClaim(new Claim("email", Email));
        identity.AddClaim(new Claim("email_verified", EmailIsVerified ? "true" : "false", ClaimValueTypes.Boolean));
        identity.AddClaim(new Claim("name", "Alice"));
        identity.AddClaim(new Claim("department", "engineering"));
        identity.SetDestinations(_ => [OpenIddictConstants.Destinations.IdentityToken]);
        var principal = new ClaimsPrincipal(identity);
        principal.SetScopes(request.GetScopes());
        return principal;
    }

    private static X509Certificate2 CreateCertificate()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=provider", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        return request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
    }
}
