using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using Tunnel.Edge.Tests.Store;

namespace Tunnel.Edge.Tests.Gateway;

public sealed class GatewayServerTests
{
    [Fact]
    public async Task A_visitor_who_dials_the_address_finds_it_in_the_certificate()
    {
        using var directory = new StateDirectory();
        await using var edge = await EmbeddedEdge.StartAsync(new EdgeOptions { StateDirectory = directory.Path });
        var trust = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        trust.CustomTrustStore.ImportFromPemFile(edge.CertificateAuthorityFile);
        using var client = new TcpClient();
        await client.ConnectAsync(edge.PublicEndPoint);
        await using var stream = new SslStream(client.GetStream());

        // For an address no name is sent, and the address has to be among the certificate's.
        await stream.AuthenticateAsClientAsync(new SslClientAuthenticationOptions
        {
            TargetHost = edge.PublicEndPoint.Address.ToString(),
            CertificateChainPolicy = trust,
        });

        Assert.True(stream.IsAuthenticated);
    }
}
