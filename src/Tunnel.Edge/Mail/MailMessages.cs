using MimeKit;

namespace Tunnel.Edge.Mail;

/// <summary>Makes the messages. MimeKit encodes, so that nothing in an address or a name becomes a header.</summary>
internal static class MailMessages
{
    public static MimeMessage Create(string from, string to, string subject, string text, DateTimeOffset now)
    {
        var message = new MimeMessage { Subject = subject, Date = now, Body = new TextPart("plain") { Text = text } };
        message.From.Add(new MailboxAddress("", from));
        message.To.Add(new MailboxAddress("", to));
        return message;
    }
}
