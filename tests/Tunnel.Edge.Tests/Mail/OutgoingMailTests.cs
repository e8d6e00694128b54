using Microsoft.Extensions.Logging.Abstractions;
using Tunnel.Edge.Mail;
using Tunnel.Testing;

namespace Tunnel.Edge.Tests.Mail;

public sealed class OutgoingMailTests
{
    private readonly Relay _relay = new();

    [Fact]
    public async Task An_edge_that_stops_waits_for_what_is_under_way()
    {
        var mail = new OutgoingMail(_relay, NullLogger<OutgoingMail>.Instance) { Farewell = Eventually.Limit };
        mail.Post("A message", ["alice@example.com", "bob@example.com"], "Subject", "Text");
        var stopping = mail.DisposeAsync().AsTask();

        Assert.False(stopping.IsCompleted);
        _relay.Opens.SetResult();
        await stopping.WaitAsync(Eventually.Limit, TestContext.Current.CancellationToken);
        Assert.Equal(["alice@example.com", "bob@example.com"], _relay.Sent);
    }

    [Fact]
    public async Task And_gives_up_a_mail_server_that_does_not_answer()
    {
        var mail = new OutgoingMail(_relay, NullLogger<OutgoingMail>.Instance) { Farewell = TimeSpan.FromMilliseconds(50) };
        mail.Post("A message", ["alice@example.com"], "Subject", "Text");

        await mail.DisposeAsync().AsTask().WaitAsync(Eventually.Limit, TestContext.Current.CancellationToken);
        Assert.Empty(_relay.Sent);
    }

    [Fact]
    public async Task An_address_that_is_refused_keeps_no_other_from_being_written_to()
    {
        _relay.Opens.SetResult();
        await using (var mail = new OutgoingMail(_relay, NullLogger<OutgoingMail>.Instance) { Farewell = Eventually.Limit })
        {
            mail.Post("A message", ["nobody@example.com", "bob@example.com"], "Subject", "Text");
        }

        Assert.Equal(["bob@example.com"], _relay.Sent);
    }

    /// <summary>Takes mail once it is open, and none for nobody.</summary>
    private sealed class Relay : IMailer
    {
        public TaskCompletionSource Opens { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public List<string> Sent { get; } = [];

        public async Task SendAsync(string address, string subject, string text, CancellationToken cancellationToken)
        {
            await Opens.Task.WaitAsync(cancellationToken);
            if (address.StartsWith("nobody", StringComparison.Ordinal))
            {
                throw new InvalidOperationException("550 no such user");
            }

            Sent.Add(address);
        }
    }
}
