using System.Security.Cryptography.X509Certificates;
using Tunnel.Core.Api;
using Tunnel.Testing;

namespace Tunnel.Agent.Tests.Edge;

public sealed class EdgeCommandTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private string State => _directory.File("edge");

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task It_says_where_it_is_and_where_its_secrets_lie_but_not_the_secrets()
    {
        await using var agent = RunningAgent.Start(["edge", "run", "--state-directory", State]);
        var described = await DescribeAsync(agent);

        var token = (await File.ReadAllTextAsync(described["api-token-file"], Cancellation)).Trim();
        var authorities = new X509Certificate2Collection();
        authorities.ImportFromPemFile(described["cacert"]);
        using var api = new TunnelApiClient(new TunnelApiOptions
        {
            BaseAddress = new Uri(described["api-address"]),
            ApiToken = token,
            CertificateAuthorities = authorities,
        });
        var accounts = await api.Accounts.ListAsync(cancellationToken: Cancellation).ToListAsync(Cancellation);
        agent.Stop();

        Assert.Equal(0, await agent.ExitAsync());
        Assert.Equal(described["account-id"], Assert.Single(accounts).Id);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(described["api-token-file"]));
        Assert.DoesNotContain(token, agent.Error + string.Join('\n', described.Values), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_second_edge_on_the_same_state_is_refused_with_one_line()
    {
        await using var first = RunningAgent.Start(["edge", "run", "--state-directory", State]);
        await DescribeAsync(first);

        var second = await RunningAgent.RunAsync("edge", "run", "--state-directory", State);

        Assert.Equal(1, second.ExitCode);
        Assert.Single(second.Error.Trim().Split('\n'));
        Assert.Contains("The edge cannot start", second.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--smtp-server", "--smtp-server", "mail.example.test:99999", "--smtp-from", "edge@example.test")]
    [InlineData("--smtp-server", "--smtp-server", "::1", "--smtp-from", "edge@example.test")]
    [InlineData("--smtp-server", "--smtp-server", "[::1]25", "--smtp-from", "edge@example.test")]
    [InlineData("--smtp-from", "--smtp-server", "mail.example.test")]
    [InlineData("--smtp-server", "--smtp-from", "edge@example.test")]
    [InlineData("--smtp-password-file", "--smtp-server", "mail.example.test", "--smtp-from", "edge@example.test", "--smtp-user", "edge")]
    [InlineData("cannot be read", "--identity-provider-cacert", "missing.pem")]
    [InlineData("--access-log-retention", "--access-log-retention", "0s")]
    [InlineData("--access-log-retention", "--access-log-retention", "-1h")]
    [InlineData("--access-log-retention", "--access-log-retention", "a week")]
    public async Task Settings_that_cannot_work_are_refused_before_the_edge_starts(string said, params string[] options)
    {
        var outcome = await RunningAgent.RunAsync(["edge", "run", "--state-directory", State, .. options]);

        Assert.NotEqual(0, outcome.ExitCode);
        Assert.Contains(said, outcome.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(State));
    }

    [Fact]
    public async Task A_password_that_others_can_read_is_refused_and_never_said()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no file modes.");
        var file = _directory.File("password");
        await File.WriteAllTextAsync(file, "not-for-others", Cancellation);
        File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.OtherRead);

        var outcome = await RunningAgent.RunAsync("edge", "run", "--state-directory", State,
            "--smtp-server", "mail.example.test", "--smtp-from", "edge@example.test", "--smtp-user", "edge", "--smtp-password-file", file);

        Assert.NotEqual(0, outcome.ExitCode);
        Assert.Contains("chmod 600", outcome.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("not-for-others", outcome.Error, StringComparison.Ordinal);
    }

    private static async Task<Dictionary<string, string>> DescribeAsync(RunningAgent agent)
    {
        var described = new Dictionary<string, string>();
        var reader = new StreamReader(agent.Output);
        while (!described.ContainsKey("cacert"))
        {
            var line = await reader.ReadLineAsync(Cancellation).AsTask().WaitAsync(TimeSpan.FromSeconds(60), Cancellation)
                ?? throw new EndOfStreamException(agent.Error);
            var words = line.Split(' ', 2, StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
            described[words[0]] = words[1];
        }

        return described;
    }
}
