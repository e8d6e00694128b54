using System.Net;
using System.Net.Sockets;
using System.Text;
using Tunnel.Edge.Mail;
using Tunnel.Testing;

namespace Tunnel.Edge.Tests.Mail;

public sealed class SmtpMailerTests
{
    [Fact]
    public async Task A_relay_on_this_machine_is_given_the_message_without_TLS()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var received = ServeAsync(listener);
        var mailer = new SmtpMailer(
            new EdgeMailOptions { Host = "127.0.0.1", Port = ((IPEndPoint)listener.LocalEndpoint).Port, From = "edge@example.com" },
            TimeProvider.System);

        await mailer.SendAsync("alice@example.com", "Your code", "123456\r\n", TestContext.Current.CancellationToken);

        var text = await received.WaitAsync(Eventually.Limit, TestContext.Current.CancellationToken);
        Assert.Contains("RCPT TO:<alice@example.com>", text, StringComparison.Ordinal);
        Assert.Contains("Subject: Your code", text, StringComparison.Ordinal);
        Assert.Contains("\n123456\n", text, StringComparison.Ordinal);
    }

    /// <summary>RFC 5321, as far as one message goes.</summary>
    private static async Task<string> ServeAsync(TcpListener listener)
    {
        using var client = await listener.AcceptTcpClientAsync();
        using var reader = new StreamReader(client.GetStream(), Encoding.UTF8, leaveOpen: true);
        await using var writer = new StreamWriter(client.GetStream()) { NewLine = "\r\n", AutoFlush = true };
        var all = new StringBuilder();
        var inData = false;
        await writer.WriteLineAsync("220 relay ready");
        while (await reader.ReadLineAsync() is { } line)
        {
            all.Append(line).Append('\n');
            if (inData && line != ".")
            {
                continue;
            }

            var answer = inData ? "250 queued" : line.Split(' ')[0].ToUpperInvariant() switch
            {
                "EHLO" => "250 relay", "DATA" => "354 go on", "QUIT" => "221 bye", _ => "250 ok",
            };
            inData = !inData && answer[0] == '3';
            await writer.WriteLineAsync(answer);
        }

        return all.ToString();
    }
}
