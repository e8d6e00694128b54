using System.Text.Json.Nodes;
using Tunnel.Edge.Store;

namespace Tunnel.Edge.Api.Http;

/// <summary>Timestamps as RFC 3339 with microseconds, in UTC.</summary>
internal static class ApiTime
{
    public static JsonNode ToJson(DateTimeOffset time) => StoreTime.ToText(time);

    public static JsonNode? ToJson(DateTimeOffset? time) => StoreTime.ToText(time);
}
