using System.Security.Cryptography;
using System.Text;
using Tunnel.Edge.Store;

namespace Tunnel.Edge.Tests.Store;

public sealed class ServiceTokenRecordTests
{
    private static readonly DateTimeOffset Now = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly ServiceTokenRecord _token = new()
    {
        Id = Guid.NewGuid(), AccountId = "", Name = "backup", ClientId = "x.access", SecretHash = Hash("secret"),
        Duration = "1h", ExpiresAt = Now.AddHours(1), CreatedAt = Now, UpdatedAt = Now,
    };

    [Fact]
    public void The_right_secret_opens_it_until_it_expires()
    {
        Assert.True(_token.Accepts("secret", Now));
        Assert.False(_token.Accepts("Secret", Now));
        Assert.False(_token.Accepts("", Now));
        Assert.False(_token.Accepts("secret", Now.AddHours(1)));
        Assert.True((_token with { ExpiresAt = null }).Accepts("secret", Now.AddYears(50)));
    }

    [Fact]
    public void A_disabled_token_opens_nothing() => Assert.False((_token with { Enabled = false }).Accepts("secret", Now));

    [Fact]
    public void The_secret_before_a_rotation_is_good_for_its_grace_only()
    {
        var rotated = _token with
        {
            SecretHash = Hash("new"), PreviousSecretHash = Hash("secret"), PreviousSecretExpiresAt = Now.AddMinutes(5),
        };
        Assert.True(rotated.Accepts("new", Now));
        Assert.True(rotated.Accepts("secret", Now));
        Assert.False(rotated.Accepts("secret", Now.AddMinutes(5)));
        Assert.False((rotated with { PreviousSecretExpiresAt = null }).Accepts("secret", Now));
    }

    [Fact]
    public void It_does_not_print_its_hashes() => Assert.DoesNotContain("Hash", _token.ToString(), StringComparison.Ordinal);

    private static byte[] Hash(string secret) => SHA256.HashData(Encoding.UTF8.GetBytes(secret));
}
