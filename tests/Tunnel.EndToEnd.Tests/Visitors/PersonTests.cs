using Tunnel.Access;
using Tunnel.Core.Api;
using Tunnel.Core.Ssh;
using Tunnel.EndToEnd.Tests.Ingress;
using Tunnel.Testing;

namespace Tunnel.EndToEnd.Tests.Visitors;

/// <summary>A person without a service token: real ssh waits for the sign-in in the browser, and comes through as that person.</summary>
public sealed class PersonTests : IAsyncLifetime
{
    private const string Hostname = "ssh.example.test";
    private const string Certified = "certified.example.test";
    private const string Other = "other.example.test";
    private const string Alice = "alice@example.com";

    private readonly TemporaryDirectory _home = new();
    private readonly List<RunningProgram> _programs = [];
    private EdgeLab _lab = null!;
    private SshServer _server = null!;
    private AccessApplication _application = null!;

    public async ValueTask InitializeAsync()
    {
        _server = await SshServer.StartAsync();
        _lab = await EdgeLab.StartAsync();
        _application = await _lab.ProtectAsync(Hostname, EdgeLab.Policy(AccessDecision.Allow, new EmailDomainRule("example.com")));
        await _lab.PublishAsync(Hostname, _server.Url, connections: 1);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var program in _programs)
        {
            await program.DisposeAsync();
        }

        await _lab.DisposeAsync();
        await _server.DisposeAsync();
        _home.Dispose();
    }

    [Fact]
    public async Task Ssh_waits_for_the_sign_in_and_the_next_one_needs_none()
    {
        using var browser = new PersonBrowser(_lab);
        var ssh = StartSsh();

        var page = await ProgramLogin.AnswerAsync(browser, await ProgramLogin.LinkAsync(ssh), Alice);

        Assert.Contains("The program is let in", page.Text, StringComparison.Ordinal);
        await ssh.EndAsync();
        Assert.Contains("here", ssh.Output, StringComparison.Ordinal);
        var second = StartSsh();
        await second.EndAsync();
        Assert.Contains("here", second.Output, StringComparison.Ordinal);
        Assert.Empty(ProgramLogin.Links(second));
    }

    [Fact]
    public async Task A_certificate_on_the_way_needs_one_sign_in_and_no_key_on_the_server()
    {
        var application = await _lab.ProtectAsync(Certified, EdgeLab.Policy(AccessDecision.Allow, new EmailDomainRule("example.com")));
        var authority = await _lab.Api.SshAuthorities.CreateAsync(_lab.Edge.AccountId, application.Id);
        await using var server = await SshServer.StartAsync(authority.PublicKey);
        await _lab.PublishAsync(Certified, server.Url, connections: 1);
        var config = _home.File("ssh_config");
        new SshConfigFile(config).Register(new SshHost
        {
            Name = Certified,
            Hostname = Certified,
            AgentPath = AgentProgram.Path,
            User = Environment.UserName,
            UserKnownHostsFile = server.KnownHostsFile,
            StrictHostKeyChecking = "yes",
            ConnectTo = $"{_lab.PublicAddress.Host}:{_lab.PublicAddress.Port}",
            ShortLivedCertificate = true,
            CertificateFolder = Folder,
        });
        using var browser = new PersonBrowser(_lab);
        var ssh = Start("ssh", ["-F", config, "-o", "BatchMode=yes", Certified, "echo inside"]);

        await ProgramLogin.AnswerAsync(browser, await ProgramLogin.LinkAsync(ssh), Environment.UserName + "@example.com");
        await ssh.EndAsync();

        Assert.Contains("inside", ssh.Output, StringComparison.Ordinal);
        Assert.Single(ProgramLogin.Links(ssh));
    }

    [Fact]
    public async Task Tokens_are_for_their_owner_only_and_no_lock_stays()
    {
        using var browser = new PersonBrowser(_lab);
        await LogInAsync(browser);

        var files = Directory.GetFiles(Folder).Select(f => new FileInfo(f)).ToDictionary(f => f.Name);
        Assert.Equal(
            [$"{Hostname}-{_application.Aud}-token", "tunnel.cloudflareaccess.test-jwks", "tunnel.cloudflareaccess.test-org-token"],
            files.Keys.Order(StringComparer.Ordinal));
        Assert.All(files.Values, f => Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, f.UnixFileMode));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, new DirectoryInfo(Folder).UnixFileMode);
    }

    [Fact]
    public async Task Of_several_one_asks_and_the_others_wait_for_it()
    {
        using var browser = new PersonBrowser(_lab);
        var all = Enumerable.Range(0, 4).Select(_ => StartSsh()).ToList();
        await Eventually.True(() => all.Exists(p => ProgramLogin.Links(p).Length > 0), "one of them asks");
        await ProgramLogin.AnswerAsync(browser, ProgramLogin.Links(all.First(p => ProgramLogin.Links(p).Length > 0))[0], Alice);

        await Task.WhenAll(all.Select(p => p.EndAsync()));

        Assert.All(all, p => Assert.True(p.Output.Contains("here", StringComparison.Ordinal), p.Output));
        Assert.Single(all.SelectMany(ProgramLogin.Links).Distinct());
    }

    [Fact]
    public async Task A_second_application_of_the_team_needs_no_browser()
    {
        using var browser = new PersonBrowser(_lab);
        await _lab.ProtectAsync(Other, EdgeLab.Policy(AccessDecision.Allow, new EmailRule(Alice)));
        await LogInAsync(browser);

        var other = StartAgent("login", "--no-verbose", $"https://{Other}");
        await other.EndAsync();

        Assert.Empty(ProgramLogin.Links(other));
        Assert.Equal(3, other.Output.Trim().Split('.').Length);
    }

    [Fact]
    public async Task Who_says_no_ends_the_program_with_the_reason()
    {
        using var browser = new PersonBrowser(_lab);
        var login = StartAgent("login", $"https://{Hostname}");

        await ProgramLogin.AnswerAsync(browser, await ProgramLogin.LinkAsync(login), Alice, "deny");
        await login.EndAsync();

        Assert.Contains("was ended in the browser", login.Output, StringComparison.Ordinal);
        Assert.DoesNotContain(Directory.GetFiles(Folder), f => f.EndsWith("-token", StringComparison.Ordinal) || f.EndsWith(".lock", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_session_that_was_revoked_is_signed_in_to_anew()
    {
        using var browser = new PersonBrowser(_lab);
        await LogInAsync(browser);
        await browser.GetAsync("https://tunnel.cloudflareaccess.test/cdn-cgi/access/logout");

        var ssh = StartSsh();
        await ProgramLogin.AnswerAsync(browser, await ProgramLogin.LinkAsync(ssh), Alice);
        await ssh.EndAsync();

        Assert.Contains("here", ssh.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_lock_of_a_process_that_was_killed_stops_nobody()
    {
        using var browser = new PersonBrowser(_lab);
        var killed = StartAgent("login", $"https://{Hostname}");
        var first = await ProgramLogin.LinkAsync(killed);
        await killed.KillAsync();
        Assert.Contains(Directory.GetFiles(Folder), f => f.EndsWith(".lock", StringComparison.Ordinal));

        var next = StartAgent("login", $"https://{Hostname}");
        var link = await ProgramLogin.LinkAsync(next);
        Assert.NotEqual(first, link);
        await ProgramLogin.AnswerAsync(browser, link, Alice);
        await next.EndAsync();

        Assert.Contains("Successfully fetched your token", next.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Of_several_that_find_an_abandoned_lock_or_a_broken_one_one_asks()
    {
        using var browser = new PersonBrowser(_lab);
        Directory.CreateDirectory(Folder);
        await File.WriteAllTextAsync(Path.Combine(Folder, $"{Hostname}-{_application.Aud}-token.lock"), """{"pid":2147483647,"start_time":1700000000000}""");
        await File.WriteAllTextAsync(Path.Combine(Folder, "tunnel.cloudflareaccess.test-org-token.lock"), "{");
        var all = Enumerable.Range(0, 4).Select(_ => StartSsh()).ToList();
        await Eventually.True(() => all.TrueForAll(p => ProgramLogin.Links(p).Length > 0), "all show a link");
        await ProgramLogin.AnswerAsync(browser, ProgramLogin.Links(all[0])[0], Alice);

        await Task.WhenAll(all.Select(p => p.EndAsync()));

        Assert.All(all, p => Assert.True(p.Output.Contains("here", StringComparison.Ordinal), p.Output));
        Assert.Single(all.SelectMany(ProgramLogin.Links).Distinct());
        Assert.DoesNotContain(Directory.GetFiles(Folder), f => f.EndsWith(".lock", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_signal_takes_the_lock_away()
    {
        var login = StartAgent("login", $"https://{Hostname}");
        await ProgramLogin.LinkAsync(login);

        Assert.Equal(1, await login.TerminateAsync());
        Assert.DoesNotContain(Directory.GetFiles(Folder), f => f.EndsWith(".lock", StringComparison.Ordinal) || f.EndsWith(".url", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_token_is_printed_when_there_is_one()
    {
        using var browser = new PersonBrowser(_lab);
        var before = StartAgent("token", $"https://{Hostname}");
        await before.EndAsync();
        Assert.Contains("tunnel-agent access login", before.Output, StringComparison.Ordinal);
        await LogInAsync(browser);

        var after = StartAgent("token", "--app", $"https://{Hostname}");
        await after.EndAsync();

        Assert.Equal((await File.ReadAllTextAsync(Path.Combine(Folder, $"{Hostname}-{_application.Aud}-token"))).Trim(), after.Output.Trim());
    }

    [Fact]
    public async Task A_hostname_without_an_application_asks_nobody_to_sign_in()
    {
        var login = StartAgent("login", "https://open.example.test");
        await login.EndAsync();

        Assert.Contains("There is no Access application at https://open.example.test", login.Output, StringComparison.Ordinal);
        Assert.Empty(ProgramLogin.Links(login));
    }

    [Fact]
    public async Task A_cmdlet_signs_in_and_ssh_uses_what_it_got()
    {
        using var browser = new PersonBrowser(_lab);
        var script = _home.File("connect.ps1");
        await File.WriteAllTextAsync(script,
            """
            param($Module, $Hostname, $Edge, $Authorities)
            Import-Module $Module
            (Connect-AccessApplication $Hostname -ConnectTo $Edge -CertificateAuthorityFile $Authorities).Email
            """);
        var shell = Start(Repository.Shell,
            [script, Repository.ModuleManifest, Hostname, $"{_lab.PublicAddress.Host}:{_lab.PublicAddress.Port}", _lab.Edge.CertificateAuthorityFile]);

        await ProgramLogin.AnswerAsync(browser, await ProgramLogin.LinkAsync(shell), Alice);
        await shell.EndAsync();

        Assert.Contains(Alice, shell.Output, StringComparison.Ordinal);
        var ssh = StartSsh();
        await ssh.EndAsync();
        Assert.True(ssh.Output.Contains("here", StringComparison.Ordinal), ssh.Output);
    }

    private string Folder => Path.Combine(_home.FullName, ".cloudflared");

    private async Task LogInAsync(PersonBrowser browser)
    {
        var login = StartAgent("login", "--quiet", $"https://{Hostname}");
        await ProgramLogin.AnswerAsync(browser, await ProgramLogin.LinkAsync(login), Alice);
        await login.EndAsync();
    }

    private RunningProgram StartAgent(string command, params string[] arguments) =>
        Start(AgentProgram.Path, ["access", command, "--connect-to", $"{_lab.PublicAddress.Host}:{_lab.PublicAddress.Port}", .. arguments]);

    private RunningProgram StartSsh() => Start("ssh",
    [
        .. _server.ClientOptions,
        "-o", $"ProxyCommand='{AgentProgram.Path}' access ssh --hostname %h --connect-to {_lab.PublicAddress.Host}:{_lab.PublicAddress.Port}",
        $"{Environment.UserName}@{Hostname}", "echo here",
    ]);

    private RunningProgram Start(string program, IEnumerable<string> arguments)
    {
        var running = new RunningProgram(program, arguments, new Dictionary<string, string>
        {
            ["HOME"] = _home.FullName,
            ["TUNNEL_CACERT"] = _lab.Edge.CertificateAuthorityFile,
            ["DISPLAY"] = "",
            ["WAYLAND_DISPLAY"] = "",
        });
        _programs.Add(running);
        return running;
    }
}
