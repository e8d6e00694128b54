using System.Net;
using System.Net.Http.Json;
using Tunnel.Access;
using Tunnel.Core.Api;
using Tunnel.Core.Client;
using Tunnel.Testing;

namespace Tunnel.EndToEnd.Tests;

/// <summary>What is revoked is refused at the next request, and what it had open is closed at once.</summary>
public sealed class SessionTests : IAsyncLifetime
{
    private const string Hostname = "people.example.test";
    private const string Alice = "alice@example.com";

    private readonly OriginListener _origin = new();
    private readonly EdgeLab[] _started = new EdgeLab[1];
    private AccessApplication _application = null!;
    private ServiceToken _machine = null!;

    private EdgeLab Lab => _started[0];

    private string Account => Lab.Edge.AccountId;

    public async ValueTask InitializeAsync()
    {
        _started[0] = await EdgeLab.StartAsync();
        _machine = await Lab.Api.ServiceTokens.CreateAsync(Account, "machine");
        _application = await Lab.ProtectAsync(
            Hostname,
            EdgeLab.Policy(AccessDecision.Allow, new EmailDomainRule("example.com")),
            EdgeLab.Policy(AccessDecision.NonIdentity, new AnyValidServiceTokenRule()));
        await Lab.PublishAsync(Hostname, _origin.Url, connections: 1);
    }

    public async ValueTask DisposeAsync()
    {
        await Lab.DisposeAsync();
        await _origin.DisposeAsync();
    }

    [Theory]
    [InlineData("user")]
    [InlineData("session")]
    [InlineData("application")]
    [InlineData("deleted user")]
    [InlineData("deleted application")]
    [InlineData("removed provider")]
    [InlineData("another provider demanded")]
    public async Task A_persons_stream_ends_with_what_it_stands_for(string what)
    {
        using var browser = new PersonBrowser(Lab);
        var token = await browser.SignInAsync(Hostname, Alice);
        await using var stream = await OpenAsync(token);
        var user = await Lab.Api.Users.ListAsync(Account).SingleAsync();
        var session = await Lab.Api.Users.ListSessionsAsync(Account, user.Id).SingleAsync();

        await (what switch
        {
            "user" => Lab.Api.Users.RevokeUserAsync(Account, Alice),
            "session" => Lab.Api.Users.RevokeSessionAsync(Account, user.Id, session.Metadata!.Nonce!),
            "application" => Lab.Api.Users.RevokeApplicationAsync(Account, _application.Id),
            "removed provider" => Lab.Api.IdentityProviders.DeleteAsync(
                Account, (await Lab.Api.IdentityProviders.ListAsync(Account).SingleAsync()).Id),
            "another provider demanded" => Lab.Api.Applications.UpdateAsync(
                Account, _application with { AllowedIdps = [Guid.NewGuid().ToString("D")] }),
            "deleted user" => DeleteAsync($"accounts/{Account}/access/users/{user.Id}"),
            _ => Lab.Api.Applications.DeleteAsync(Account, _application.Id),
        });

        await AssertEndsAsync(stream);
        if (what != "deleted application") // nothing asks for a token then
        {
            await Assert.ThrowsAsync<AccessDeniedException>(() => OpenAsync(token));
        }
    }

    [Theory]
    [InlineData("rotated")]
    [InlineData("deleted")]
    [InlineData("application")]
    public async Task A_machines_stream_ends_with_its_service_token(string what)
    {
        await using var stream = await OpenAsync(machine: _machine);
        var token = await Lab.EarnTokenAsync(Hostname, _machine);
        await (await OpenAsync(token)).DisposeAsync();

        await (what switch
        {
            "rotated" => PostAsync($"accounts/{Account}/access/service_tokens/{_machine.Id}/rotate"),
            "deleted" => Lab.Api.ServiceTokens.DeleteAsync(Account, _machine.Id),
            _ => Lab.Api.Users.RevokeApplicationAsync(Account, _application.Id),
        });

        await AssertEndsAsync(stream);
        await Assert.ThrowsAsync<AccessDeniedException>(() => OpenAsync(token));
    }

    [Fact]
    public async Task A_stream_of_another_session_goes_on()
    {
        using var alice = new PersonBrowser(Lab);
        using var bob = new PersonBrowser(Lab);
        await using var revoked = await OpenAsync(await alice.SignInAsync(Hostname, Alice));
        await using var other = await OpenAsync(await bob.SignInAsync(Hostname, "bob@example.com"));
        await using var machine = await OpenAsync(machine: _machine);

        await Lab.Api.Users.RevokeUserAsync(Account, Alice);

        await AssertEndsAsync(revoked);
        await EchoAsync(other);
        await EchoAsync(machine);
    }

    [Fact]
    public async Task A_changed_policy_ends_what_it_would_not_let_in_again_and_nothing_else()
    {
        using var browser = new PersonBrowser(Lab);
        var token = await browser.SignInAsync(Hostname, Alice);
        await using var stream = await OpenAsync(token);
        using var other = new PersonBrowser(Lab);
        await using var stays = await OpenAsync(await other.SignInAsync(Hostname, "bob@example.com"));
        await using var machine = await OpenAsync(machine: _machine);
        var policy = await Lab.Api.Policies.ListAsync(Account, _application.Id).FirstAsync(p => p.Decision == AccessDecision.Allow);

        await Lab.Api.Policies.UpdateAsync(Account, _application.Id, policy with { Include = [new EmailRule("bob@example.com")] });

        await AssertEndsAsync(stream);
        await Assert.ThrowsAsync<AccessDeniedException>(() => OpenAsync(token));
        await EchoAsync(stays);
        await EchoAsync(machine);
    }

    [Fact]
    public async Task Sessions_and_their_ends_outlive_the_edge()
    {
        using var kept = new PersonBrowser(Lab);
        using var ended = new PersonBrowser(Lab);
        var (good, bad) = (await kept.SignInAsync(Hostname, Alice), await ended.SignInAsync(Hostname, "bob@example.com"));
        await Lab.Api.Users.RevokeUserAsync(Account, "bob@example.com");

        await Lab.RestartEdgeAsync();
        await Eventually.True(() => IsOpen(good), "the connector is back and the session still good");

        await Assert.ThrowsAsync<AccessDeniedException>(() => OpenAsync(bad));
    }

    [Fact]
    public async Task Real_ssh_runs_with_a_persons_token_and_is_cut_off_when_it_is_revoked()
    {
        const string hostname = "shell.example.test";
        await using var server = await SshServer.StartAsync();
        await Lab.ProtectAsync(hostname, EdgeLab.Policy(AccessDecision.Allow, new EmailRule(Alice)));
        await Lab.PublishAsync(hostname, server.Url);
        using var browser = new PersonBrowser(Lab);
        var file = Lab.File("app-token");
        await File.WriteAllTextAsync(file, await browser.SignInAsync(hostname, Alice));
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }

        var command = $"'{AgentProgram.Path}' access ssh --hostname {hostname} --connect-to {Lab.PublicAddress.Host}:{Lab.PublicAddress.Port} " +
            $"--cacert {Lab.Edge.CertificateAuthorityFile} --app-token-file {file}";
        string[] options = [.. server.ClientOptions, "-o", $"ProxyCommand={command}"];
        var target = Environment.UserName + "@" + hostname;
        var marker = Lab.File("started");
        Assert.Equal("hello\n", (await ProcessResult.RunAsync("ssh", [.. options, target, "echo hello"])).Output);
        var session = ProcessResult.RunAsync("ssh", [.. options, target, $"touch {marker}; sleep 600"]);
        await Eventually.True(() => File.Exists(marker), "the session runs");

        await Lab.Api.Users.RevokeUserAsync(Account, Alice);

        var result = await session.WaitAsync(Eventually.Limit);
        Assert.Equal(255, result.ExitCode);
    }

    private static async Task EchoAsync(AccessStream stream)
    {
        await stream.WriteAsync("hello"u8.ToArray());
        var answer = new byte[5];
        await stream.ReadExactlyAsync(answer);
        Assert.Equal("hello"u8, answer);
    }

    /// <summary>The end may come as one or as an error: what counts is that it comes, hours before the token ends.</summary>
    private static async Task AssertEndsAsync(AccessStream stream)
    {
        try
        {
            Assert.Equal(0, await stream.ReadAsync(new byte[1]).AsTask().WaitAsync(Eventually.Limit));
        }
        catch (IOException)
        {
            // Cut off.
        }
    }

    private async Task<AccessStream> OpenAsync(string? token = null, ServiceToken? machine = null)
    {
        var stream = await AccessStream.ConnectAsync(new AccessClientOptions
        {
            Address = Hostname,
            ConnectTo = Lab.PublicAddress,
            CertificateAuthorities = Lab.Authorities,
            AppToken = token,
            ServiceTokenId = machine?.ClientId,
            ServiceTokenSecret = machine?.ClientSecret,
        });
        await EchoAsync(stream);
        return stream;
    }

    private bool IsOpen(string token)
    {
        try
        {
            OpenAsync(token).GetAwaiter().GetResult().Dispose();
            return true;
        }
        catch (AccessConnectException)
        {
            return false;
        }
    }

    private async Task DeleteAsync(string path)
    {
        using var http = Lab.ApiHttp();
        using var response = await http.DeleteAsync(new Uri(path, UriKind.Relative));
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    private async Task PostAsync(string path)
    {
        using var http = Lab.ApiHttp();
        using var response = await http.PostAsJsonAsync(new Uri(path, UriKind.Relative), new { });
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }
}
