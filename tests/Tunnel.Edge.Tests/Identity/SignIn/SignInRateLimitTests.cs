using System.Globalization;
using System.Net;
using Tunnel.Edge.Identity.SignIn;

namespace Tunnel.Edge.Tests.Identity.SignIn;

public class SignInRateLimitTests
{
    private const string Alice = "alice@example.com";

    private readonly SignInRateLimit _limit = new(TimeProvider.System);

    [Fact]
    public void One_network_does_not_use_up_a_persons_codes()
    {
        var stranger = IPAddress.Parse("198.51.100.7");
        for (var i = 0; i < 10; i++)
        {
            Assert.Equal(i < 4, _limit.Allows(Alice, stranger));
        }

        Assert.True(_limit.Allows(Alice, IPAddress.Parse("192.0.2.1")));
    }

    [Fact]
    public void Addresses_without_number_do_not_close_the_sign_in_for_others()
    {
        for (var i = 0; i < 60_000; i++)
        {
            _limit.Allows(string.Create(CultureInfo.InvariantCulture, $"user{i}@example.org"), new IPAddress(i | 0x0A00_0000));
        }

        Assert.True(_limit.Allows(Alice, IPAddress.Parse("192.0.2.1")));
    }

    [Fact]
    public void An_IPv6_site_counts_as_one_in_the_end()
    {
        var allowed = 0;
        for (var i = 0; i < 1000; i++)
        {
            allowed += _limit.Allows($"user{i}@example.org", IPAddress.Parse($"2001:db8:1:{i:x}::1")) ? 1 : 0;
        }

        Assert.Equal(200, allowed);
    }
}
