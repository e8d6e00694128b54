using System.Globalization;
using System.Security.Cryptography;
using Microsoft.Extensions.Logging;
using Tunnel.Edge.Store;

namespace Tunnel.Edge.Mail;

/// <summary>
/// Where no SMTP server is set: each message is a file that mail programs open, in a folder that only the edge's owner
/// may enter. The log names the file, and nothing of what is in it.
/// </summary>
internal sealed class OutboxMailer(string directory, TimeProvider time, ILogger<OutboxMailer> log) : IMailer
{
    /// <summary>What is in them has ended by then.</summary>
    private static readonly TimeSpan s_kept = TimeSpan.FromHours(1);

    public async Task SendAsync(string address, string subject, string text, CancellationToken cancellationToken)
    {
        PrivateFile.CreateDirectory(directory);
        foreach (var old in Directory.EnumerateFiles(directory, "*.eml"))
        {
            if (time.GetUtcNow() - File.GetLastWriteTimeUtc(old) > s_kept)
            {
                File.Delete(old);
            }
        }

        using var message = MailMessages.Create("access@localhost", address, subject, text, time.GetUtcNow());
        var name = time.GetUtcNow().ToString("yyyyMMdd-HHmmss-fff", CultureInfo.InvariantCulture);
        var path = Path.Combine(directory, $"{name}-{RandomNumberGenerator.GetHexString(8, lowercase: true)}.eml");
        var fresh = path + ".new";
        var file = new FileStream(fresh, PrivateFile.Options(FileMode.CreateNew, FileAccess.Write, FileShare.None));
        await using (file.ConfigureAwait(false))
        {
            await message.WriteToAsync(file, cancellationToken).ConfigureAwait(false);
        }

        File.Move(fresh, path);
        log.LogInformation("No mail server is set: the message for {Address} is in {Path}", address, path);
    }
}
