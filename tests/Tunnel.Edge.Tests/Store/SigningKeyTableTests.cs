using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Tunnel.Edge.Store;

namespace Tunnel.Edge.Tests.Store;

public sealed class SigningKeyTableTests : IDisposable
{
    private readonly StateDirectory _directory = new();
    private readonly ManualTime _time = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void The_first_look_makes_a_key_that_a_restart_keeps()
    {
        string id;
        using (var first = Open())
        {
            var key = Assert.Single(first.SigningKeys.Current());
            id = key.Id;
            using var certificate = X509Certificate2.CreateFromPem(key.Certificate);
            using var rsa = RSA.Create();
            rsa.ImportPkcs8PrivateKey(key.PrivateKey.Span, out _);
            Assert.Equal(rsa.ExportParameters(false).Modulus, certificate.GetRSAPublicKey()!.ExportParameters(false).Modulus);
            Assert.Equal("CN=tunnel.cloudflareaccess.test", certificate.Subject);
            Assert.DoesNotContain("PRIVATE", key.ToString(), StringComparison.OrdinalIgnoreCase);
        }

        using var second = Open();
        Assert.Equal(id, Assert.Single(second.SigningKeys.Current()).Id);
    }

    [Fact]
    public void A_key_is_replaced_when_it_is_old_and_counts_for_a_week_more()
    {
        using var store = Open();
        var first = Assert.Single(store.SigningKeys.Current()).Id;
        _time.Advance(TimeSpan.FromDays(42) - TimeSpan.FromSeconds(1));
        Assert.Equal(first, Assert.Single(store.SigningKeys.Current()).Id);

        _time.Advance(TimeSpan.FromSeconds(1));
        var both = store.SigningKeys.Current();
        Assert.Equal((2, first), (both.Count, both[1].Id));
        Assert.NotEqual(first, both[0].Id);

        _time.Advance(TimeSpan.FromDays(7));
        Assert.Equal(both[0].Id, Assert.Single(store.SigningKeys.Current()).Id);
    }

    [Fact]
    public void Of_two_rotations_the_second_ends_the_first_key()
    {
        using var store = Open();
        var first = store.SigningKeys.Current()[0].Id;
        store.SigningKeys.Rotate();
        var second = store.SigningKeys.Current()[0].Id;
        store.SigningKeys.Rotate();

        var ids = store.SigningKeys.Current().Select(k => k.Id).ToArray();
        Assert.Equal((2, second), (ids.Length, ids[1]));
        Assert.DoesNotContain(first, ids);
    }

    [Fact]
    public void A_shorter_interval_counts_from_the_last_rotation_and_survives_a_restart()
    {
        using (var store = Open())
        {
            var first = store.SigningKeys.Current()[0].Id;
            _time.Advance(TimeSpan.FromDays(22));
            Assert.Equal(30, store.SigningKeys.SetInterval(30).IntervalDays);
            Assert.Equal(first, store.SigningKeys.Current()[0].Id);
            store.SigningKeys.SetInterval(21);
            Assert.NotEqual(first, store.SigningKeys.Current()[0].Id);
            Assert.Throws<ArgumentOutOfRangeException>(() => store.SigningKeys.SetInterval(20));
        }

        using var again = Open();
        Assert.Equal(21, again.SigningKeys.Rotation().IntervalDays);
    }

    [Fact]
    public void The_key_of_an_earlier_version_goes_on_counting()
    {
        using var store = Open();
        using var key = RSA.Create(2048);

        store.SigningKeys.Import(key.ExportPkcs8PrivateKeyPem());

        using var rsa = RSA.Create();
        rsa.ImportPkcs8PrivateKey(Assert.Single(store.SigningKeys.Current()).PrivateKey.Span, out _);
        Assert.Equal(key.ExportParameters(false).Modulus, rsa.ExportParameters(false).Modulus);
    }

    private EdgeStore Open() => EdgeStore.Open(new EdgeStoreOptions { StateDirectory = _directory.Path, TimeProvider = _time });
}
