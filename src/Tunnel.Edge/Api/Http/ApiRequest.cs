using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Tunnel.Edge.Api.Permissions;
using Tunnel.Edge.Store;
using Tunnel.Edge.Tunnels;

namespace Tunnel.Edge.Api.Http;

/// <summary>One authenticated request, and the ways to answer it.</summary>
internal sealed class ApiRequest(
    HttpContext context, EdgeStore store, ITunnelConnections connections, ApiOptions options, ApiCaller caller)
{
    public EdgeStore Store { get; } = store;

    public ITunnelConnections Connections { get; } = connections;

    public ApiCaller Caller { get; } = caller;

    /// <summary>Where the call comes from.</summary>
    public IPAddress Address => context.Connection.RemoteIpAddress ?? IPAddress.None;

    public DateTimeOffset Now { get; } = options.TimeProvider.GetUtcNow();

    public ApiOptions Options { get; } = options;

    /// <summary>Whether the request only looks.</summary>
    public bool IsReading => HttpMethods.IsGet(context.Request.Method) || HttpMethods.IsHead(context.Request.Method);

    public CancellationToken Aborted => context.RequestAborted;

    /// <summary>A segment of the path, such as <c>zone</c>; its form was checked when the request was routed.</summary>
    public string Segment(string name) => (string)context.GetRouteValue(name)!;

    /// <summary>Whether the path has such a segment: some handlers serve several paths.</summary>
    public bool HasSegment(string name) => context.GetRouteValue(name) is not null;

    public Guid SegmentGuid(string name) => Guid.ParseExact(Segment(name), "D");

    public string? Query(string name) =>
        context.Request.Query[name] is [{ Length: > 0 } value, ..] ? value : null;

    /// <summary>Every value of a parameter that may be given several times.</summary>
    public IReadOnlyList<string> Queries(string name) =>
        [.. context.Request.Query[name].OfType<string>().Where(value => value.Length > 0)];

    /// <summary>Whether a parameter stands in the query, with or without a value.</summary>
    public bool HasQuery(string name) => context.Request.Query.ContainsKey(name);

    public bool? QueryBool(string name) => Query(name) switch
    {
        null => null,
        "true" or "1" => true,
        "false" or "0" => false,
        _ => throw ApiErrors.InvalidQuery(name),
    };

    public DateTimeOffset? QueryTime(string name) => Query(name) is not { } text
        ? null
        : DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)
            ? time
            : throw ApiErrors.InvalidQuery(name);

    public Guid? QueryGuid(string name) => Query(name) is not { } text
        ? null
        : Guid.TryParseExact(text, "D", out var id) ? id : throw ApiErrors.InvalidQuery(name);

    /// <summary>The body, which must be one JSON object.</summary>
    public Task<JsonObject> ReadObjectAsync() => ApiBody.ReadObjectAsync(context, Options.MaxBodyBytes, required: true);

    /// <summary>The body where none may be sent: then an empty object.</summary>
    public Task<JsonObject> ReadOptionalObjectAsync() =>
        ApiBody.ReadObjectAsync(context, Options.MaxBodyBytes, required: false);

    public Task AnswerAsync(JsonNode? result, int statusCode = StatusCodes.Status200OK, JsonArray? messages = null) =>
        ApiResponse.WriteAsync(context, result, statusCode, messages: messages);

    /// <summary>Answers with text instead of an envelope.</summary>
    public Task AnswerTextAsync(string text) => ApiResponse.WriteTextAsync(context, text);

    /// <summary>
    /// Answers with one page of a list, as <c>page</c> and <c>per_page</c> ask. A page past the end is empty and not an
    /// error: the official clients page until they meet one.
    /// </summary>
    public Task AnswerPageAsync<T>(IEnumerable<T> items, Func<T, JsonNode?> toJson, int defaultSize, int maximumSize)
    {
        var all = items as IReadOnlyList<T> ?? [.. items];
        var page = QueryCount("page") ?? 1;
        var size = Math.Min(QueryCount("per_page") ?? defaultSize, maximumSize);
        var skip = Math.Min((long)(page - 1) * size, all.Count);
        var shown = all.Skip((int)skip).Take(size).Select(toJson).ToArray();
        return ApiResponse.WriteAsync(context, new JsonArray(shown), resultInfo: new JsonObject
        {
            ["page"] = page,
            ["per_page"] = size,
            ["count"] = shown.Length,
            ["total_count"] = all.Count,
            ["total_pages"] = (all.Count + size - 1) / size,
        });
    }

    /// <summary>A whole number above zero.</summary>
    public int? QueryCount(string name) => Query(name) is not { } text
        ? null
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value) && value > 0
            ? value
            : throw ApiErrors.InvalidQuery(name);
}
