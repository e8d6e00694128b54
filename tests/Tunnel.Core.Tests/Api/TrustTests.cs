using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Tunnel.Core.Api;

namespace Tunnel.Core.Tests.Api;

public sealed class TrustTests
{
    [Fact]
    public async Task A_given_authority_is_trusted()
    {
        using var authority = Authority("own");
        using var certificate = Server(authority, IPAddress.Loopback);
        await using var server = await StartAsync(certificate);
        using var api = Client(server, authority);
        Assert.Equal("z1", (await api.Zones.GetAsync("z1")).Id);
    }

    [Fact]
    public async Task Without_it_the_server_is_not_trusted_and_nothing_is_sent()
    {
        using var authority = Authority("own");
        using var certificate = Server(authority, IPAddress.Loopback);
        await using var server = await StartAsync(certificate);
        using var api = Client(server, null);
        var e = await Assert.ThrowsAsync<TunnelApiException>(() => api.Zones.GetAsync("z1"));
        Assert.Contains("not trusted", e.Message, StringComparison.Ordinal);
        Assert.Contains("CA file", e.Advice, StringComparison.Ordinal);
        Assert.Empty(server.Requests);
    }

    [Fact]
    public async Task Another_authority_of_the_same_name_is_not_trusted()
    {
        using var authority = Authority("own");
        using var impostor = Authority("own");
        using var certificate = Server(impostor, IPAddress.Loopback);
        await using var server = await StartAsync(certificate);
        using var api = Client(server, authority);
        await Assert.ThrowsAsync<TunnelApiException>(() => api.Zones.GetAsync("z1"));
        Assert.Empty(server.Requests);
    }

    [Fact]
    public async Task A_certificate_for_another_host_is_not_trusted()
    {
        using var authority = Authority("own");
        using var certificate = Server(authority, IPAddress.Parse("192.0.2.1"));
        await using var server = await StartAsync(certificate);
        using var api = Client(server, authority);
        await Assert.ThrowsAsync<TunnelApiException>(() => api.Zones.GetAsync("z1"));
        Assert.Empty(server.Requests);
    }

    private static Task<ScriptedApi> StartAsync(X509Certificate2 certificate) => ScriptedApi.StartAsync(
        (context, _) => ScriptedApi.OkAsync(context, """{"id":"z1","name":"example.test"}"""), certificate);

    private static TunnelApiClient Client(ScriptedApi server, X509Certificate2? authority) => new(new TunnelApiOptions
    {
        BaseAddress = server.Address,
        ApiToken = "t",
        CertificateAuthorities = authority is null ? null : [X509CertificateLoader.LoadCertificate(authority.RawData)],
    });

    private static X509Certificate2 Authority(string name)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, true, 0, true));
        return request.CreateSelfSigned(DateTimeOffset.UtcNow.AddHours(-1), DateTimeOffset.UtcNow.AddHours(1));
    }

    private static X509Certificate2 Server(X509Certificate2 authority, IPAddress address)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=server", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(address);
        request.CertificateExtensions.Add(names.Build());
        using var bare = request.Create(authority, authority.NotBefore, authority.NotAfter, RandomNumberGenerator.GetBytes(8));
        return bare.CopyWithPrivateKey(key);
    }
}
