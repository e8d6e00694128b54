using System.Net;
using Tunnel.Edge.Identity;
using Tunnel.Testing;

namespace Tunnel.Edge.Tests.Identity;

public sealed class CountryDatabaseTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Theory]
    [InlineData("192.0.2.1", "NZ")]
    [InlineData("192.0.3.1", null)]
    [InlineData("198.51.100.130", "FR")]
    [InlineData("198.51.100.1", "DE")]
    [InlineData("2001:db8::1", "AR")]
    [InlineData("2001:db9::1", null)]
    [InlineData("203.0.113.1", null)] // "Mars" is no code
    public void The_most_specific_network_says_the_country(string address, string? country)
    {
        CountryDatabaseFile.Write(_directory.File("c.mmdb"),
            ("192.0.2.0/24", "NZ"), ("198.51.100.0/25", "DE"), ("198.51.100.128/25", "fr"), ("2001:db8::/32", "AR"), ("203.0.113.0/24", "Mars"));
        using var database = CountryDatabase.Open(_directory.File("c.mmdb"));

        Assert.Equal(country, database.Find(IPAddress.Parse(address)));
    }

    [Fact]
    public void What_is_no_such_database_is_told_by_its_path()
    {
        File.WriteAllText(_directory.File("c.mmdb"), "no database");

        Assert.Contains("c.mmdb", Assert.Throws<IOException>(() => CountryDatabase.Open(_directory.File("c.mmdb"))).Message, StringComparison.Ordinal);
        Assert.ThrowsAny<IOException>(() => CountryDatabase.Open(_directory.File("missing.mmdb")));
    }

    [Fact]
    public void A_damaged_database_says_nothing_rather_than_something_wrong()
    {
        CountryDatabaseFile.Write(_directory.File("c.mmdb"), ("192.0.2.0/24", "NZ"));
        var bytes = File.ReadAllBytes(_directory.File("c.mmdb"));
        for (var i = 0; i < bytes.Length; i += 7)
        {
            var damaged = bytes.ToArray();
            damaged[i] ^= 0xFF;
            File.WriteAllBytes(_directory.File("d.mmdb"), damaged);
            try
            {
                using var database = CountryDatabase.Open(_directory.File("d.mmdb"));
                Assert.True(database.Find(IPAddress.Parse("192.0.2.1")) is null or { Length: 2 });
            }
            catch (IOException)
            {
                // Told at the start is even better.
            }
        }
    }
}
