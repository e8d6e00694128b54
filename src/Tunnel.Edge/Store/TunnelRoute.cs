namespace Tunnel.Edge.Store;

/// <summary>A hostname that leads to a tunnel: a proxied CNAME to <c>&lt;tunnel-id&gt;.cfargotunnel.com</c>.</summary>
/// <param name="Hostname">In lower case; may begin with <c>*.</c></param>
/// <param name="TunnelId">Where its streams go. The tunnel may have been deleted since.</param>
/// <param name="ZoneId">The zone that holds the record.</param>
/// <param name="RecordId">The DNS record.</param>
public sealed record TunnelRoute(string Hostname, Guid TunnelId, string ZoneId, string RecordId)
{
    private const string Suffix = ".cfargotunnel.com";

    /// <summary>What a CNAME must hold to lead to the tunnel.</summary>
    public static string TargetOf(Guid tunnelId) => tunnelId.ToString("D") + Suffix;

    /// <summary>Reads the tunnel's id out of a CNAME's target; false when the target is not a tunnel.</summary>
    public static bool TryParseTarget(string content, out Guid tunnelId)
    {
        ArgumentNullException.ThrowIfNull(content);
        tunnelId = default;
        var target = content.EndsWith('.') ? content.AsSpan(0, content.Length - 1) : content.AsSpan();
        return target.EndsWith(Suffix, StringComparison.OrdinalIgnoreCase)
            && Guid.TryParseExact(target[..^Suffix.Length], "D", out tunnelId);
    }
}
