using System.Text.Json;

namespace Tunnel.Core.Api;

/// <summary>One answer of the API: the envelope around the result, or what is known when there is none.</summary>
internal sealed class ApiAnswer
{
    private const int MaxErrors = 20;
    private const int MaxMessageLength = 500;

    public required int StatusCode { get; init; }

    public TimeSpan? RetryAfter { get; init; }

    /// <summary>The body was an API envelope.</summary>
    public bool IsEnvelope { get; private init; }

    public bool Success { get; private init; }

    public IReadOnlyList<ApiError> Errors { get; private init; } = [];

    public JsonElement Result { get; private init; }

    public ApiPageInfo? Page { get; private init; }

    /// <summary>Whether another try of an idempotent call may do better.</summary>
    public bool IsTransient => StatusCode is 408 or 429 or 500 or (>= 502 and not 505) || (StatusCode is 200 && !IsEnvelope);

    /// <summary>The same with errors that do not show the token: whatever answered may have repeated the request.</summary>
    public ApiAnswer Redacted(ApiSecret token) => new()
    {
        StatusCode = StatusCode,
        RetryAfter = RetryAfter,
        IsEnvelope = IsEnvelope,
        Success = Success,
        Errors = [.. Errors.Select(error => error with { Message = token.Redact(error.Message) })],
        Result = Result,
        Page = Page,
    };

    public static ApiAnswer Parse(int statusCode, TimeSpan? retryAfter, ReadOnlyMemory<byte> body)
    {
        if (statusCode == 204)
        {
            return new ApiAnswer { StatusCode = statusCode, IsEnvelope = true, Success = true };
        }

        try
        {
            using var document = JsonDocument.Parse(body, new JsonDocumentOptions { MaxDepth = 64 });
            var root = document.RootElement;
            if (root.ValueKind == JsonValueKind.Object && ReadSuccess(root) is { } success)
            {
                return new ApiAnswer
                {
                    StatusCode = statusCode,
                    RetryAfter = retryAfter,
                    IsEnvelope = true,
                    Success = success && statusCode is >= 200 and < 300,
                    Errors = ReadErrors(root),
                    Result = root.TryGetProperty("result", out var result) ? result.Clone() : default,
                    Page = ApiPageInfo.Read(root),
                };
            }
        }
        catch (JsonException)
        {
            // A proxy's HTML page, or an answer that was cut off: told by IsEnvelope.
        }

        return new ApiAnswer { StatusCode = statusCode, RetryAfter = retryAfter };
    }

    /// <summary>Some deletions answer with a result and nothing else.</summary>
    private static bool? ReadSuccess(JsonElement root)
    {
        if (root.TryGetProperty("success", out var success))
        {
            return success.ValueKind is JsonValueKind.True or JsonValueKind.False ? success.GetBoolean() : null;
        }

        return root.TryGetProperty("result", out _) ? true : null;
    }

    private static List<ApiError> ReadErrors(JsonElement root)
    {
        var errors = new List<ApiError>();
        if (root.TryGetProperty("errors", out var list))
        {
            Add(errors, list);
        }

        return errors;
    }

    private static void Add(List<ApiError> errors, JsonElement list)
    {
        if (list.ValueKind != JsonValueKind.Array)
        {
            return;
        }

        foreach (var entry in list.EnumerateArray())
        {
            if (entry.ValueKind != JsonValueKind.Object || errors.Count >= MaxErrors)
            {
                continue;
            }

            var code = entry.TryGetProperty("code", out var c) && c.ValueKind == JsonValueKind.Number
                && c.TryGetInt32(out var number) ? number : 0;
            var message = entry.TryGetProperty("message", out var m) && m.ValueKind == JsonValueKind.String
                ? m.GetString()! : "";
            errors.Add(new ApiError(code, message.Length > MaxMessageLength ? message[..MaxMessageLength] : message));
            if (entry.TryGetProperty("error_chain", out var chain))
            {
                Add(errors, chain);
            }
        }
    }
}
