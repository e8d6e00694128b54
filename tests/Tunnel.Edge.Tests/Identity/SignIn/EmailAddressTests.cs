using Tunnel.Edge.Identity.SignIn;

namespace Tunnel.Edge.Tests.Identity.SignIn;

public sealed class EmailAddressTests
{
    [Theory]
    [InlineData("alice@example.com", "alice@example.com")]
    [InlineData("Alice+Ops@Example.COM", "alice+ops@example.com")]
    [InlineData("o'hara@example.com", "o'hara@example.com")]
    public void An_address_is_read_in_lower_case(string text, string email) => Assert.Equal(email, EmailAddress.Read(text));

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("alice")]
    [InlineData(" alice@example.com")]
    [InlineData("alice@example.com ")]
    [InlineData("alice@example.com\n")]
    [InlineData("al\tice@example.com")]
    [InlineData("alice\0@example.com")]
    [InlineData("alice@example.com,bob@example.com")]
    [InlineData("Alice <alice@example.com>")]
    [InlineData("alice@bob@example.com")]
    [InlineData("@example.com")]
    [InlineData("\u212Aate@example.com")]
    [InlineData("al\u0131ce@example.com")]
    public void What_could_be_read_as_another_one_is_none(string? text) => Assert.Null(EmailAddress.Read(text));
}
