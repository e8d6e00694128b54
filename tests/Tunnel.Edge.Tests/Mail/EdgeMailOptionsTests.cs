using MailKit.Security;
using Tunnel.Edge.Mail;

namespace Tunnel.Edge.Tests.Mail;

public sealed class EdgeMailOptionsTests
{
    [Theory]
    [InlineData("mail.example.com", "mail.example.com", 587)]
    [InlineData("mail.example.com:25", "mail.example.com", 25)]
    [InlineData("192.0.2.1:465", "192.0.2.1", 465)]
    [InlineData("[::1]:25", "::1", 25)]
    [InlineData("[2001:db8::1]", "2001:db8::1", 587)]
    public void A_server_is_a_host_with_or_without_a_port(string text, string host, int port)
    {
        Assert.True(EdgeMailOptions.TryReadServer(text, out var readHost, out var readPort));
        Assert.Equal((host, port), (readHost, readPort));
    }

    [Theory]
    [InlineData("")]
    [InlineData(":25")]
    [InlineData("mail.example.com:")]
    [InlineData("mail.example.com:0")]
    [InlineData("mail.example.com:65536")]
    [InlineData("mail.example.com:smtp")]
    [InlineData("::1")]
    [InlineData("::1:25")]
    [InlineData("[::1")]
    [InlineData("[::1]25")]
    [InlineData("[mail.example.com]:25")]
    [InlineData("smtp://mail.example.com")]
    [InlineData("a b")]
    public void Anything_else_is_none(string text) => Assert.False(EdgeMailOptions.TryReadServer(text, out _, out _));

    [Theory]
    [InlineData("mail.example.com", 587, null, false, SecureSocketOptions.StartTls)]
    [InlineData("mail.example.com", 25, null, false, SecureSocketOptions.StartTls)]
    [InlineData("mail.example.com", 25, null, true, SecureSocketOptions.StartTlsWhenAvailable)]
    [InlineData("mail.example.com", 465, null, true, SecureSocketOptions.SslOnConnect)]
    [InlineData("localhost", 25, null, false, SecureSocketOptions.None)]
    [InlineData("::1", 25, null, false, SecureSocketOptions.None)]
    [InlineData("127.0.0.1", 587, "edge", false, SecureSocketOptions.StartTlsWhenAvailable)]
    [InlineData("localhost.example.com", 25, null, false, SecureSocketOptions.StartTls)]
    public void Only_this_machine_or_an_explicit_word_is_mailed_to_in_the_clear(
        string host, int port, string? user, bool allowPlaintext, SecureSocketOptions expected) =>
        Assert.Equal(expected, SmtpMailer.SecurityOf(new EdgeMailOptions
        {
            Host = host, Port = port, From = "edge@example.com", UserName = user, AllowPlaintext = allowPlaintext,
        }));

    [Fact]
    public void Half_a_mail_server_is_refused()
    {
        var options = new EdgeOptions { StateDirectory = "unused" };

        Assert.Null(options.WithMail(null, null, null, null, allowPlaintext: false).Mail);
        Assert.Throws<ArgumentException>(() => options.WithMail(null, "edge@example.com", null, null, allowPlaintext: false));
        Assert.Throws<ArgumentException>(() => options.WithMail("mail.example.com", null, null, null, allowPlaintext: false));
        Assert.Throws<ArgumentException>(() => options.WithMail("mail example", "edge@example.com", null, null, allowPlaintext: false));
        Assert.DoesNotContain("hunter2", options.WithMail("mail.example.com", "edge@example.com", "edge", "hunter2", allowPlaintext: false).Mail!.ToString(), StringComparison.Ordinal);
    }
}
