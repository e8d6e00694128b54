using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;

namespace Tunnel.Edge.Tests.Api.Access;

public sealed class CertificateEndpointsTests : IAsyncLifetime
{
    private ApiHost _host = null!;
    private string _certificates = null!;

    public async ValueTask InitializeAsync()
    {
        _host = await ApiHost.StartAsync();
        await _host.AddZoneAsync();
        _certificates = $"accounts/{_host.Account}/access/certificates";
    }

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task An_authority_is_added_read_changed_and_removed_when_it_counts_nowhere()
    {
        var made = await _host.PostAsync(_certificates, Body("devices", Root(), "A.example.test."));
        Assert.Equal(HttpStatusCode.Created, made.Status);
        Assert.Equal("""["a.example.test"]""", made.Result["associated_hostnames"]!.ToJsonString());
        Assert.Matches("^MD5 Fingerprint=([0-9A-F]{2}:){15}[0-9A-F]{2}$", made.Text("fingerprint"));
        Assert.Null(made.Result["certificate"]);
        var one = $"{_certificates}/{made.Text("id")}";
        Assert.Equal(made.Result.ToJsonString(), (await _host.GetAsync(one)).Result.ToJsonString());
        Assert.Equal(made.Text("id"), Assert.Single((await _host.GetAsync(_certificates)).Result.AsArray())!["id"]!.GetValue<string>());
        Assert.Single(_host.Store.Snapshot.Certificates["A.EXAMPLE.TEST"]);

        (await _host.DeleteAsync(one)).AssertError(HttpStatusCode.BadRequest, 12090);
        var changed = await _host.PutAsync(one, new JsonObject { ["name"] = "laptops", ["associated_hostnames"] = new JsonArray() });
        Assert.Equal(("laptops", "[]"), (changed.Text("name"), changed.Result["associated_hostnames"]!.ToJsonString()));
        Assert.Empty(_host.Store.Snapshot.Certificates);
        Assert.Equal(made.Text("id"), (await _host.DeleteAsync(one)).Text("id"));
        (await _host.GetAsync(one)).AssertError(HttpStatusCode.NotFound, 12088);
        (await _host.PutAsync(one, new JsonObject { ["associated_hostnames"] = new JsonArray() })).AssertError(HttpStatusCode.NotFound, 12088);
        (await _host.DeleteAsync(one)).AssertError(HttpStatusCode.NotFound, 12088);
    }

    [Fact]
    public async Task A_zone_has_its_own_and_hostnames_of_no_other()
    {
        var zone = await _host.AddZoneAsync("example.net");
        var root = Root();
        var made = await _host.PostAsync($"zones/{zone}/access/certificates", Body("zone's", root, "a.example.net"));

        Assert.Equal(HttpStatusCode.Created, made.Status);
        Assert.Empty((await _host.GetAsync(_certificates)).Result.AsArray());
        (await _host.GetAsync($"{_certificates}/{made.Text("id")}")).AssertError(HttpStatusCode.NotFound, 12088);
        (await _host.PostAsync($"zones/{zone}/access/certificates", Body("other", Root(), "a.example.test")))
            .AssertError(HttpStatusCode.BadRequest, 12130);
        Assert.Equal(HttpStatusCode.Created, (await _host.PostAsync(_certificates, Body("account's", root))).Status);
    }

    [Fact]
    public async Task The_same_certificate_is_not_added_twice()
    {
        var root = Root();
        await _host.PostAsync(_certificates, Body("one", root));

        (await _host.PostAsync(_certificates, Body("two", root))).AssertError(HttpStatusCode.Conflict, 12089);
    }

    [Fact]
    public async Task What_is_no_root_authority_alone_is_refused()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=leaf", key, HashAlgorithmName.SHA256);
        using var leaf = request.CreateSelfSigned(DateTimeOffset.UtcNow, DateTimeOffset.UtcNow.AddDays(1));
        string[] bad =
        [
            "", "text", leaf.ExportCertificatePem(), Root() + "\n" + Root(), Root() + "\n" + key.ExportPkcs8PrivateKeyPem(),
            "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----", new string('A', 100_000),
        ];
        foreach (var certificate in bad)
        {
            (await _host.PostAsync(_certificates, Body("bad", certificate))).AssertError(HttpStatusCode.BadRequest, 12130);
        }

        (await _host.PostAsync(_certificates, Body("bad", Root(), "*.example.test"))).AssertError(HttpStatusCode.BadRequest, 12130);
        (await _host.PostAsync(_certificates, Body("bad", Root(), "example.org"))).AssertError(HttpStatusCode.BadRequest, 12130);
        Assert.Empty((await _host.GetAsync(_certificates)).Result.AsArray());
    }

    private static JsonObject Body(string name, string certificate, params string[] hostnames) => new JsonObject
    {
        ["name"] = name,
        ["certificate"] = certificate,
        ["associated_hostnames"] = new JsonArray([.. hostnames.Select(h => JsonValue.Create(h))]),
    };

    private static string Root()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=Devices", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        using var root = request.CreateSelfSigned(DateTimeOffset.UtcNow, DateTimeOffset.UtcNow.AddDays(1));
        return root.ExportCertificatePem();
    }
}
