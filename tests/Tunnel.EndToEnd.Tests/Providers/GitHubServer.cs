using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Tunnel.EndToEnd.Tests;

/// <summary>
/// The endpoints of GitHub that a sign-in needs, as GitHub documents them: the web application flow of OAuth apps with
/// PKCE, and <c>/user</c>, <c>/user/emails</c>, <c>/user/orgs</c>, <c>/user/teams</c> of the REST API.
/// </summary>
internal sealed class GitHubServer : IAsyncDisposable
{
    public const string ClientId = "Iv1.edge";
    public const string ClientSecret = "a secret of the edge's";

    private const string Token = "gho_16C7e42F292c6912E7710c838347Ae178B4a";

    private readonly WebApplication _application;
    private readonly Dictionary<string, string> _challenges = [];

    private GitHubServer(WebApplication application, X509Certificate2 certificate) => (_application, Certificate) = (application, certificate);

    public X509Certificate2 Certificate { get; }

    public Uri Address => new(_application.Urls.Single());

    public string Emails { get; set; } = """
        [{"email":"old@example.com","primary":false,"verified":true,"visibility":null},
         {"email":"alice@example.com","primary":true,"verified":true,"visibility":"private"}]
        """;

    /// <summary>More than one page holds.</summary>
    public IReadOnlyList<string> Organizations { get; set; } = [.. Enumerable.Range(1, 100).Select(n => $"org-{n}"), "example"];

    /// <summary>Organisation and name.</summary>
    public IReadOnlyList<(string Organization, string Name)> Teams { get; set; } = [("example", "Site operators")];

    public static async Task<GitHubServer> StartAsync()
    {
        var certificate = TestCertificate.Create();
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen => listen.UseHttps(certificate)));
        var server = new GitHubServer(builder.Build(), certificate);
        server.Map();
        await server._application.StartAsync();
        return server;
    }

    public async ValueTask DisposeAsync()
    {
        await _application.StopAsync();
        await _application.DisposeAsync();
        Certificate.Dispose();
    }

    private void Map()
    {
        _application.Run(context => (context.Request.Method, context.Request.Path.Value) switch
        {
            ("GET", "/login/oauth/authorize") => AuthorizeAsync(context),
            ("POST", "/login/oauth/access_token") => GiveTokenAsync(context),
            ("GET", "/user") => AnswerAsync(context, _ => """{"login":"alice","id":1,"name":"Alice","email":"boss@example.com"}"""),
            ("GET", "/user/emails") => AnswerAsync(context, page => page == 1 ? Emails : "[]"),
            ("GET", "/user/orgs") => AnswerAsync(context, page => List(page, Organizations.Select(o => $$"""{"login":"{{o}}","id":1}"""))),
            ("GET", "/user/teams") => AnswerAsync(context, page => List(page, Teams.Select(t =>
                $$"""{"name":"{{t.Name}}","slug":"{{t.Name.ToLowerInvariant().Replace(' ', '-')}}","organization":{"login":"{{t.Organization}}" } }"""))),
            _ => NotFoundAsync(context),
        });
    }

    private Task AuthorizeAsync(HttpContext context)
    {
        var query = context.Request.Query;
        Assert.Equal((ClientId, "S256"), (query["client_id"].ToString(), query["code_challenge_method"].ToString()));
        Assert.Equal(["read:org", "read:user", "user:email"], query["scope"].ToString().Split(' ').Order(StringComparer.Ordinal));
        var code = RandomNumberGenerator.GetHexString(20, lowercase: true);
        _challenges[code] = query["code_challenge"].ToString();
        context.Response.Redirect($"{query["redirect_uri"]}?code={code}&state={Uri.EscapeDataString(query["state"].ToString())}");
        return Task.CompletedTask;
    }

    // Errors have status 200 there, too.
    private async Task GiveTokenAsync(HttpContext context)
    {
        var form = await context.Request.ReadFormAsync();
        var challenge = Convert.ToBase64String(SHA256.HashData(Encoding.ASCII.GetBytes(form["code_verifier"].ToString())))
            .TrimEnd('=').Replace('+', '-').Replace('/', '_');
        var error = form["client_id"] != ClientId || form["client_secret"] != ClientSecret ? "incorrect_client_credentials"
            : !_challenges.Remove(form["code"].ToString(), out var expected) || expected != challenge ? "bad_verification_code" : null;
        context.Response.ContentType = "application/json; charset=utf-8";
        await context.Response.WriteAsync(error is null
            ? $$"""{"access_token":"{{Token}}","scope":"read:org,read:user,user:email","token_type":"bearer"}"""
            : $$"""{"error":"{{error}}","error_description":"..."}""");
    }

    private static async Task AnswerAsync(HttpContext context, Func<int, string> answer)
    {
        var isAllowed = context.Request.Headers.Authorization == "Bearer " + Token && context.Request.Headers.UserAgent.Count > 0;
        context.Response.StatusCode = isAllowed ? 200 : 401;
        context.Response.ContentType = "application/json; charset=utf-8";
        var page = int.TryParse(context.Request.Query["page"], out var number) ? number : 1;
        await context.Response.WriteAsync(isAllowed ? answer(page) : """{"message":"Bad credentials"}""");
    }

    private static string List(int page, IEnumerable<string> items) => $"[{string.Join(',', items.Skip((page - 1) * 100).Take(100))}]";

    private static Task NotFoundAsync(HttpContext context)
    {
        context.Response.StatusCode = (int)HttpStatusCode.NotFound;
        return context.Response.WriteAsync("""{"message":"Not Found"}""");
    }
}
