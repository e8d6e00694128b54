using MailKit.Net.Smtp;
using MailKit.Security;

namespace Tunnel.Edge.Mail;

/// <summary>Sends through an SMTP server.</summary>
internal sealed class SmtpMailer(EdgeMailOptions options, TimeProvider time) : IMailer
{
    private static readonly TimeSpan s_timeout = TimeSpan.FromSeconds(30);

    public async Task SendAsync(string address, string subject, string text, CancellationToken cancellationToken)
    {
        using var message = MailMessages.Create(options.From, address, subject, text, time.GetUtcNow());
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(s_timeout);
        using var client = new SmtpClient();
        await client.ConnectAsync(options.Host, options.Port, SecurityOf(options), limit.Token).ConfigureAwait(false);
        if (options.UserName is { } name)
        {
            await client.AuthenticateAsync(name, options.Password ?? "", limit.Token).ConfigureAwait(false);
        }

        await client.SendAsync(message, limit.Token).ConfigureAwait(false);
        await client.DisconnectAsync(quit: true, limit.Token).ConfigureAwait(false);
    }

    /// <summary>
    /// A relay on this machine often has a certificate that nobody vouches for: without a password to guard, it is not asked
    /// for one.
    /// </summary>
    internal static SecureSocketOptions SecurityOf(EdgeMailOptions options) => options.Port == 465 ? SecureSocketOptions.SslOnConnect
        : options.IsLocal && options.UserName is null ? SecureSocketOptions.None
        : options.AllowPlaintext || options.IsLocal ? SecureSocketOptions.StartTlsWhenAvailable
        : SecureSocketOptions.StartTls;
}
