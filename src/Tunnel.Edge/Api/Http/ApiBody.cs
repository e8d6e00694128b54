using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Tunnel.Edge.Api.Http;

/// <summary>Reads request bodies, within bounds of size and depth.</summary>
internal static class ApiBody
{
    private static readonly JsonDocumentOptions Strict = new() { MaxDepth = 64, AllowDuplicateProperties = false };

    public static async Task<JsonObject> ReadObjectAsync(HttpContext context, int limit, bool required)
    {
        // The bound is kept here: the server's own would end the connection instead of an answer.
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
        {
            size.MaxRequestBodySize = null;
        }

        if (context.Request.ContentLength > limit)
        {
            throw ApiErrors.BodyTooLarge(limit);
        }

        using var body = new MemoryStream();
        var buffer = new byte[8192];
        int count;
        while ((count = await context.Request.Body.ReadAsync(buffer, context.RequestAborted).ConfigureAwait(false)) > 0)
        {
            body.Write(buffer, 0, count);
            if (body.Length > limit)
            {
                throw ApiErrors.BodyTooLarge(limit);
            }
        }

        return body.Length == 0 && !required ? [] : Parse(body.GetBuffer().AsSpan(0, (int)body.Length));
    }

    private static JsonObject Parse(ReadOnlySpan<byte> json)
    {
        try
        {
            var document = JsonNode.Parse(json, documentOptions: Strict) as JsonObject
                ?? throw ApiErrors.MalformedBody("a JSON object is expected");
            // Nodes are made when they are first looked at; a string that is not valid UTF-16 shows only then.
            CheckStrings(document);
            return document;
        }
        catch (JsonException e)
        {
            throw ApiErrors.MalformedBody(e.Message);
        }
        catch (Exception e) when (e is InvalidOperationException or ArgumentException)
        {
            throw ApiErrors.MalformedBody("a string or property name is not valid");
        }
    }

    private static void CheckStrings(JsonNode? node)
    {
        switch (node)
        {
            case JsonObject members:
                foreach (var (_, value) in members)
                {
                    CheckStrings(value);
                }

                break;
            case JsonArray items:
                foreach (var value in items)
                {
                    CheckStrings(value);
                }

                break;
            case JsonValue value when value.GetValueKind() == JsonValueKind.String:
                value.GetValue<string>();
                break;
        }
    }
}
