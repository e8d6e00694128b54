using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Tunnel.Access;
using Tunnel.Testing;

namespace Tunnel.EndToEnd.Tests.Visitors;

/// <summary>cloudflared's <c>access</c> commands against our edge, and its tokens in our agent. Skipped where it is not installed.</summary>
public sealed class CloudflaredAccessTests : IAsyncLifetime
{
    private const string Hostname = "ssh.example.test";
    private const string Web = "web.example.test";
    private const string Alice = "alice@example.com";

    private readonly TemporaryDirectory _home = new();
    private EdgeLab _lab = null!;
    private SshServer _server = null!;
    private ConnectProxy _proxy = null!;
    private PersonBrowser _browser = null!;

    public async ValueTask InitializeAsync()
    {
        Cloudflared.SkipUnlessInstalled();
        _server = await SshServer.StartAsync();
        // It takes no other domain for a team's.
        _lab = await EdgeLab.StartAsync(configure: options => options with { TeamDomain = "tunnel.cloudflareaccess.com" });
        await _lab.ProtectAsync(Hostname, EdgeLab.Policy(AccessDecision.Allow, new EmailDomainRule("example.com")));
        await _lab.PublishAsync(Hostname, _server.Url, connections: 1);
        _proxy = new ConnectProxy(host => host == "login.cloudflareaccess.org"
            ? new IPEndPoint(IPAddress.Loopback, _lab.Edge.ApiAddress.Port) : _lab.Edge.PublicEndPoint);
        _browser = new PersonBrowser(_lab);
    }

    public async ValueTask DisposeAsync()
    {
        if (_lab is not null)
        {
            _browser.Dispose();
            await _proxy.DisposeAsync();
            await _lab.DisposeAsync();
            await _server.DisposeAsync();
        }

        _home.Dispose();
    }

    [Fact]
    public async Task Its_login_gets_a_token_that_its_token_command_and_our_agent_print()
    {
        await LogInAsync();

        var its = await Cloudflared.RunAsync(["access", "token", $"https://{Hostname}"], Variables);
        var ours = await AgentAsync("token", $"https://{Hostname}", "--connect-to", Edge);

        Assert.True((its.ExitCode, ours.ExitCode) == (0, 0), $"{its} {ours}");
        Assert.Equal(3, its.Output.Split('.').Length);
        Assert.Equal(its.Output, ours.Output);
    }

    [Fact]
    public async Task Its_login_waits_for_somebodys_approval_and_gets_its_token_then()
    {
        using var api = _lab.ApiHttp();
        using var made = await api.PostAsJsonAsync($"accounts/{_lab.Edge.AccountId}/access/apps", JsonNode.Parse($$$"""
            {"type": "self_hosted", "domain": "{{{Web}}}", "policies": [{"name": "approved", "decision": "allow", "include": [{"email": {"email": "{{{Alice}}}"}}],
            "approval_required": true, "approval_groups": [{"approvals_needed": 1, "email_addresses": ["boss@example.org"]}]}]}
            """));
        Assert.True(made.IsSuccessStatusCode, await made.Content.ReadAsStringAsync());
        await using var its = Cloudflared.Start(["access", "login", $"https://{Web}"], Variables);
        var login = await _browser.FollowAsync(await _browser.GetAsync(await ProgramLogin.LinkAsync(its)));
        var ask = await _browser.FollowAsync(await _browser.EnterPinAsync(login, Alice));
        var before = PersonBrowser.Mail(_lab).Length;
        var waiting = await _browser.FollowAsync(await _browser.PostAsync(ask));
        await Eventually.True(() => PersonBrowser.Mail(_lab).Length > before, "the approver is written to");
        var link = System.Text.RegularExpressions.Regex.Match(PersonBrowser.Mail(_lab)[^1], @"https://\S+/cdn-cgi/access/approve/\w+").Value;
        Assert.False(its.HasExited, its.Output);

        using var boss = new PersonBrowser(_lab, IPAddress.Parse("127.0.1.2"));
        var decide = await boss.FollowAsync(await boss.EnterPinAsync(await boss.FollowAsync(await boss.GetAsync(link)), "boss@example.org"));
        await boss.PostAsync(decide, ("decision", "approve"), ("duration", "15"));
        await _browser.PostAsync(await _browser.FollowAsync(await _browser.FollowAsync(await _browser.FollowAsync(waiting))), ("decision", "allow"));

        await its.EndAsync();
        Assert.Contains("Successfully fetched your token", its.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Its_ssh_waits_for_the_sign_in_and_ours_uses_the_token_that_it_left()
    {
        await using var ssh = new RunningProgram("ssh", [.. Options(Cloudflared.ProxyCommand(Hostname)), "echo here"], Variables);
        await ProgramLogin.AnswerAsync(_browser, await ProgramLogin.LinkAsync(ssh), Alice);
        await ssh.EndAsync();
        Assert.Contains("here", ssh.Output, StringComparison.Ordinal);

        var ours = await ProcessResult.RunAsync("ssh",
            [.. Options($"'{AgentProgram.Path}' access ssh --hostname {Hostname} --connect-to {Edge}"), "echo ours"], environment: Variables);

        Assert.True((ours.ExitCode, ours.Output) == (0, "ours\n"), ours.ToString());
    }

    [Fact]
    public async Task It_uses_the_token_that_our_agent_left()
    {
        await using var login = new RunningProgram(AgentProgram.Path, ["access", "login", "--quiet", $"https://{Hostname}"], Variables);
        await ProgramLogin.AnswerAsync(_browser, await ProgramLogin.LinkAsync(login), Alice);
        await login.EndAsync();

        var ssh = await ProcessResult.RunAsync(
            "ssh", [.. Options(Cloudflared.ProxyCommand(Hostname)), "echo its"], environment: Variables);

        Assert.True((ssh.ExitCode, ssh.Output) == (0, "its\n"), ssh.ToString());
    }

    [Fact]
    public async Task While_one_program_waits_for_the_person_the_other_shows_the_same_link()
    {
        await using var its = Cloudflared.Start(["access", "login", $"https://{Hostname}"], Variables);
        var link = await ProgramLogin.LinkAsync(its);
        await using var ours = new RunningProgram(AgentProgram.Path, ["access", "login", $"https://{Hostname}"], Variables);
        Assert.Equal(link, await ProgramLogin.LinkAsync(ours));

        await ProgramLogin.AnswerAsync(_browser, link, Alice);
        await Task.WhenAll(its.EndAsync(), ours.EndAsync());

        Assert.Contains("Successfully fetched your token", its.Output, StringComparison.Ordinal);
        Assert.Contains("Successfully fetched your token", ours.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Its_tcp_carries_the_bytes_of_a_person_who_signed_in()
    {
        await LogInAsync();
        var port = LoopbackPort.Next();
        await using var forward = Cloudflared.Start(
            ["access", "tcp", "--hostname", Hostname, "--url", $"127.0.0.1:{port}"], Variables);
        await Eventually.True(() => forward.Output.Contains("Start Websocket listener", StringComparison.Ordinal), "it listens");

        var ssh = await ProcessResult.RunAsync("ssh",
            [.. _server.ClientOptions, "-p", $"{port}", Environment.UserName + "@127.0.0.1", "echo forwarded"], environment: Variables);

        Assert.True((ssh.ExitCode, ssh.Output) == (0, "forwarded\n"), ssh.ToString());
    }

    [Fact]
    public async Task Its_curl_and_ours_show_the_token_to_the_application()
    {
        await _lab.ProtectAsync(Web, EdgeLab.Policy(AccessDecision.Allow, new EmailDomainRule("example.com")));
        await LogInAsync();

        // Who is not let in is sent to the sign-in (302); behind the door there is nothing (404).
        // Into a file: cloudflared does not wait for all that its curl prints.
        string[] curl = [$"https://{Web}/", "-s", "-o", "/dev/null", "-D"];
        var its = await Cloudflared.RunAsync(["access", "curl", .. curl, _home.File("its")], Variables);
        var ours = await AgentAsync("curl", [.. curl, _home.File("ours"), "-H", "x-test: a b"]);

        Assert.True((its.ExitCode, ours.ExitCode) == (0, 0), $"{its} {ours}");
        Assert.Contains(" 404", (await File.ReadAllLinesAsync(_home.File("its"))).Last(l => l.StartsWith("HTTP/", StringComparison.Ordinal)), StringComparison.Ordinal);
        Assert.Contains(" 404", (await File.ReadAllLinesAsync(_home.File("ours"))).Last(l => l.StartsWith("HTTP/", StringComparison.Ordinal)), StringComparison.Ordinal);
    }

    private string Edge => $"{_lab.PublicAddress.Host}:{_lab.PublicAddress.Port}";

    /// <summary>Without a service token, not even an empty one.</summary>
    private Dictionary<string, string> Variables => new(Cloudflared.Variables(_lab, _home).Where(v => !v.Key.StartsWith("TUNNEL_SERVICE", StringComparison.Ordinal)))
    {
        ["HTTPS_PROXY"] = _proxy.Address.ToString(),
        ["TUNNEL_CACERT"] = _lab.Edge.CertificateAuthorityFile,
        ["CURL_CA_BUNDLE"] = _lab.Edge.CertificateAuthorityFile,
        ["DISPLAY"] = "",
        ["WAYLAND_DISPLAY"] = "",
    };

    private IEnumerable<string> Options(string proxyCommand) =>
        [.. _server.ClientOptions, "-o", "ProxyCommand=" + proxyCommand, $"{Environment.UserName}@{Hostname}"];

    private Task<ProcessResult> AgentAsync(string command, params string[] arguments) =>
        ProcessResult.RunAsync(AgentProgram.Path, ["access", command, .. arguments], environment: Variables);

    private async Task LogInAsync()
    {
        await using var login = Cloudflared.Start(["access", "login", $"https://{Hostname}"], Variables);
        await ProgramLogin.AnswerAsync(_browser, await ProgramLogin.LinkAsync(login), Alice);
        await login.EndAsync();
        Assert.Contains("Successfully fetched your token", login.Output, StringComparison.Ordinal);
    }
}
