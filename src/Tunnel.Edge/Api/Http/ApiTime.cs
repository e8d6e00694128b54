using System.Globalization;
using System.Text.Json.Nodes;
using Tunnel.Edge.Store;

namespace Tunnel.Edge.Api.Http;

/// <summary>Timestamps as RFC 3339 with microseconds, in UTC.</summary>
internal static class ApiTime
{
    public static JsonNode ToJson(DateTimeOffset time) => StoreTime.ToText(time);

    /// <summary>With whole seconds, as tokens have them.</summary>
    public static JsonNode ToSeconds(DateTimeOffset time) =>
        time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    public static JsonNode? ToJson(DateTimeOffset? time) => StoreTime.ToText(time);
}
