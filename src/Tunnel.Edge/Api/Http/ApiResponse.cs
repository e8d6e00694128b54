using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace Tunnel.Edge.Api.Http;

/// <summary>The envelope around every answer: success, errors, messages, result and, for lists, result_info.</summary>
internal static class ApiResponse
{
    public static Task WriteAsync(
        HttpContext context,
        JsonNode? result,
        int statusCode = StatusCodes.Status200OK,
        JsonObject? resultInfo = null,
        JsonArray? messages = null)
    {
        var envelope = new JsonObject
        {
            ["success"] = true,
            ["errors"] = new JsonArray(),
            ["messages"] = messages ?? [],
            ["result"] = result,
        };
        if (resultInfo is not null)
        {
            envelope["result_info"] = resultInfo;
        }

        return WriteAsync(context, envelope, statusCode);
    }

    public static Task WriteErrorAsync(HttpContext context, ApiException error) => WriteAsync(
        context,
        new JsonObject
        {
            ["success"] = false,
            ["errors"] = error.ToJson(),
            ["messages"] = new JsonArray(),
            ["result"] = null,
        },
        error.StatusCode);

    /// <summary>A file instead of an envelope.</summary>
    public static Task WriteTextAsync(HttpContext context, string text) => WriteAsync(
        context, Encoding.UTF8.GetBytes(text), "text/plain; charset=utf-8", StatusCodes.Status200OK);

    private static async Task WriteAsync(HttpContext context, JsonObject envelope, int statusCode)
    {
        using var buffer = new MemoryStream();
        var writer = new Utf8JsonWriter(buffer);
        await using (writer.ConfigureAwait(false))
        {
            envelope.WriteTo(writer);
        }

        // cloudflared reads errors only under exactly this value, without a charset (cfapi/base_client.go).
        await WriteAsync(context, buffer.GetBuffer().AsMemory(0, (int)buffer.Length), "application/json", statusCode)
            .ConfigureAwait(false);
    }

    private static async Task WriteAsync(HttpContext context, ReadOnlyMemory<byte> body, string type, int statusCode)
    {
        var response = context.Response;
        response.StatusCode = statusCode;
        response.ContentType = type;
        response.ContentLength = body.Length;
        response.Headers.CacheControl = "no-store";
        response.Headers.XContentTypeOptions = "nosniff";
        await response.Body.WriteAsync(body, context.RequestAborted).ConfigureAwait(false);
    }
}
