using System.Globalization;

namespace Tunnel.Core.Api;

/// <summary><c>accounts/{account}/access/logs/access_requests</c>: the request log.</summary>
public sealed class AccessLogApi
{
    private readonly ApiTransport _transport;

    internal AccessLogApi(ApiTransport transport) => _transport = transport;

    /// <summary>One call: the first entries, at most <paramref name="limit"/> of them (1 to 1000).</summary>
    public Task<IReadOnlyList<AccessLogEntry>> GetAsync(
        string accountId, AccessLogFilter filter, int limit, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(filter);
        var query = new ApiQuery()
            .Add("limit", limit.ToString(CultureInfo.InvariantCulture))
            .Add("direction", filter.IsAscending ? "asc" : "desc")
            .Add("since", Text(filter.Since))
            .Add("until", Text(filter.Until))
            .Add("email", filter.Email)
            .Add("app_uid", filter.ApplicationId)
            .Add("ray_id", filter.RayId)
            .Add("allowed", filter.Allowed switch { true => "true", false => "false", null => null });
        return _transport.SendAsync(
            HttpMethod.Get,
            $"accounts/{ApiQuery.Segment(accountId, nameof(accountId))}/access/logs/access_requests?{query}",
            ApiJson.Default.IReadOnlyListAccessLogEntry,
            cancellationToken);
    }

    private static string? Text(DateTimeOffset? time) =>
        time?.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture);
}
