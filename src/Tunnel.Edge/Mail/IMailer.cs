namespace Tunnel.Edge.Mail;

/// <summary>Sends a short text to one address.</summary>
internal interface IMailer
{
    Task SendAsync(string address, string subject, string text, CancellationToken cancellationToken);
}
