using System.Net.Security;
using System.Net.Sockets;
using System.Runtime.Versioning;
using System.Security.Cryptography.X509Certificates;
using Tunnel.Edge.Store;

namespace Tunnel.Edge.Tests;

public sealed class EmbeddedEdgeTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("tunnel-edge-").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    [UnsupportedOSPlatform("windows")]
    public async Task Its_state_is_readable_by_its_owner_only()
    {
        await using var edge = await StartAsync();

        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(edge.StateDirectory));
        Assert.All(Directory.GetFiles(edge.StateDirectory), file =>
            Assert.True((File.GetUnixFileMode(file) & ~(UnixFileMode.UserRead | UnixFileMode.UserWrite)) == 0, file));
    }

    [Fact]
    public async Task It_keeps_its_account_its_token_and_its_authority_over_restarts()
    {
        string account, token, authority;
        await using (var edge = await StartAsync())
        {
            (account, token, authority) = (edge.AccountId, edge.ApiToken, await File.ReadAllTextAsync(edge.CertificateAuthorityFile));
        }

        await using var again = await StartAsync();
        Assert.Equal((account, token, authority), (again.AccountId, again.ApiToken, await File.ReadAllTextAsync(again.CertificateAuthorityFile)));
    }

    [Fact]
    public async Task A_lost_API_token_is_replaced_by_a_new_one()
    {
        string token;
        await using (var edge = await StartAsync())
        {
            token = edge.ApiToken;
            File.Delete(edge.ApiTokenFile);
        }

        await using var again = await StartAsync();
        Assert.NotEqual(token, again.ApiToken);
        Assert.Equal(again.ApiToken, (await File.ReadAllTextAsync(again.ApiTokenFile)).Trim());
    }

    [Fact]
    public async Task Two_edges_do_not_share_a_state_directory()
    {
        await using var edge = await StartAsync();

        await Assert.ThrowsAsync<EdgeStoreException>(StartAsync);
    }

    [Fact]
    public async Task A_port_that_is_taken_is_an_error_that_names_it_and_nothing_stays_open()
    {
        await using var edge = await StartAsync();
        using var other = new TemporaryState();

        var error = await Assert.ThrowsAsync<IOException>(() => EmbeddedEdge.StartAsync(
            new EdgeOptions { StateDirectory = other.Path, PublicAddress = edge.PublicEndPoint }));

        Assert.Contains($"{edge.PublicEndPoint}", error.Message, StringComparison.Ordinal);
        await using var again = await EmbeddedEdge.StartAsync(new EdgeOptions { StateDirectory = other.Path });
    }

    [Fact]
    public async Task The_tunnel_port_proves_the_name_that_connectors_ask_for()
    {
        await using var edge = await StartAsync();
        using var client = new TcpClient();
        await client.ConnectAsync(edge.TunnelEndPoint);
        await using var tls = new SslStream(client.GetStream());
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        policy.CustomTrustStore.ImportFromPemFile(edge.CertificateAuthorityFile);

        await tls.AuthenticateAsClientAsync(new SslClientAuthenticationOptions
        {
            TargetHost = "h2.cftunnel.com",
            CertificateChainPolicy = policy,
        });

        Assert.True(tls.IsAuthenticated);
    }

    private Task<EmbeddedEdge> StartAsync() =>
        EmbeddedEdge.StartAsync(new EdgeOptions { StateDirectory = Path.Combine(_directory, "state") });

    private sealed class TemporaryState : IDisposable
    {
        public string Path { get; } = Directory.CreateTempSubdirectory("tunnel-edge-").FullName;

        public void Dispose() => Directory.Delete(Path, recursive: true);
    }
}
