using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Tunnel.Protocol.Transfers;

namespace Tunnel.Edge.Transfers;

/// <summary>
/// What <c>login.cloudflareaccess.org</c> is to cloudflared: <c>GET /KEY</c> for a certificate, <c>GET /transfer/KEY</c>
/// for what is encrypted to the key. A request is held until there is something; 404 means to ask again.
/// </summary>
internal static class TransferEndpoints
{
    /// <summary>Nobody is asked who they are: who knows the key made it, or was told it by who did.</summary>
    public static void Map(IEndpointRouteBuilder endpoints, TransferStore store)
    {
        endpoints.MapGet($"/{{key:length({TransferKey.TextLength - 1},{TransferKey.TextLength})}}",
            context => TakeAsync(context, store, context.GetRouteValue("key") as string, isSealed: false));
        endpoints.MapGet("/transfer/{key}", context => TakeAsync(context, store, context.GetRouteValue("key") as string, isSealed: true));
    }

    /// <summary>Answers one request.</summary>
    /// <param name="name">The key, as the address has it.</param>
    public static async Task TakeAsync(HttpContext context, TransferStore store, string? name, bool isSealed)
    {
        var response = context.Response;
        response.Headers.CacheControl = "no-store";
        response.Headers.XContentTypeOptions = "nosniff";
        // The answer is for programs: a browser that was led here shows and runs nothing of it.
        response.Headers.ContentSecurityPolicy = "default-src 'none'; frame-ancestors 'none'; sandbox";
        if (!TransferKey.TryParse(name, out var key))
        {
            response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }

        var slot = new TransferSlot(key, isSealed);
        try
        {
            var answer = await store.TakeAsync(slot, context.Connection.RemoteIpAddress, context.RequestAborted).ConfigureAwait(false);
            await AnswerAsync(context, store, slot, answer).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // Nobody is there to be answered.
        }
    }

    private static async Task AnswerAsync(HttpContext context, TransferStore store, TransferSlot slot, TransferAnswer answer)
    {
        var response = context.Response;
        response.StatusCode = answer.Status switch
        {
            TransferStatus.Ready => StatusCodes.Status200OK,
            // At once, and again at each further try: cloudflared then soon runs out of them.
            TransferStatus.Cancelled => StatusCodes.Status410Gone,
            TransferStatus.TooMany => StatusCodes.Status429TooManyRequests,
            _ => StatusCodes.Status404NotFound,
        };
        if (answer.Status != TransferStatus.Ready)
        {
            return;
        }

        response.ContentType = "text/plain; charset=utf-8";
        if (answer.Sender is { } sender)
        {
            response.Headers[SealedTransfer.SenderHeader] = sender.ToString();
        }

        try
        {
            context.RequestAborted.ThrowIfCancellationRequested();
            await response.WriteAsync(answer.Content, context.RequestAborted).ConfigureAwait(false);
        }
        catch (Exception e) when (e is OperationCanceledException or IOException)
        {
            // Whoever asked had left; the one that asks next is the same program.
            store.TryPutBack(slot, answer);
        }
    }
}
