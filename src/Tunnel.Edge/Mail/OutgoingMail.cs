using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Tunnel.Edge.Mail;

/// <summary>Mail that no answer waits for: how long one takes must not tell whether there was any, nor depend on a mail server.</summary>
internal sealed class OutgoingMail(IMailer mailer, ILogger<OutgoingMail> log) : IAsyncDisposable
{
    private readonly ConcurrentDictionary<Task, bool> _sending = new();
    private readonly CancellationTokenSource _stopping = new();

    /// <summary>How long what is under way may take when the edge stops.</summary>
    public TimeSpan Farewell { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Sends the same text to each address, one after the other.</summary>
    /// <param name="what">For the log, where it fails: <c>A one-time PIN</c>.</param>
    public void Post(string what, IReadOnlyList<string> addresses, string subject, string text)
    {
        var sending = Task.Run(() => SendAsync(what, addresses, subject, text), CancellationToken.None);
        _sending[sending] = true;
        _ = sending.ContinueWith(done => _sending.TryRemove(done, out _), TaskScheduler.Default);
    }

    /// <summary>Waits for what is under way, and gives up what then still is.</summary>
    public async ValueTask DisposeAsync()
    {
        _stopping.CancelAfter(Farewell);
        await Task.WhenAll(_sending.Keys).ConfigureAwait(false);
        _stopping.Dispose();
    }

    private async Task SendAsync(string what, IReadOnlyList<string> addresses, string subject, string text)
    {
        foreach (var address in addresses)
        {
            try
            {
                await mailer.SendAsync(address, subject, text, _stopping.Token).ConfigureAwait(false);
            }
#pragma warning disable CA1031 // Mail fails in as many ways as there are servers; the others are still to be written to, the log says why.
            catch (Exception error)
#pragma warning restore CA1031
            {
                log.LogError("{What} could not be mailed to {Address}: {Reason}", what, address, error.Message);
            }
        }
    }
}
