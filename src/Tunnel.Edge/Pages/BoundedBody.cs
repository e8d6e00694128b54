using Microsoft.AspNetCore.Http;

namespace Tunnel.Edge.Pages;

/// <summary>Reads a small body that a stranger sends: no larger, and no slower, than honest programs do.</summary>
internal static class BoundedBody
{
    /// <summary>What a form or a public key needs even on a bad line.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    private const int PieceSize = 2048;

    /// <summary>The body; null when it is larger, or has not come in time.</summary>
    /// <param name="context">The request.</param>
    /// <param name="maximum">In bytes. Memory is taken as the bytes come, not before.</param>
    /// <param name="patience">How long it may take.</param>
    public static async Task<ReadOnlyMemory<byte>?> ReadAsync(HttpContext context, int maximum, TimeSpan patience)
    {
        ArgumentNullException.ThrowIfNull(context);
        if (context.Request.ContentLength > maximum)
        {
            return null;
        }

        using var limit = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted);
        limit.CancelAfter(patience);
        using var body = new MemoryStream();
        var piece = new byte[PieceSize];
        try
        {
            while (await context.Request.Body.ReadAsync(piece, limit.Token).ConfigureAwait(false) is > 0 and var count)
            {
                if (body.Length + count > maximum)
                {
                    return null;
                }

                body.Write(piece, 0, count);
            }
        }
        catch (OperationCanceledException) when (!context.RequestAborted.IsCancellationRequested)
        {
            return null;
        }

        return body.GetBuffer().AsMemory(0, (int)body.Length);
    }
}
