namespace Tunnel.Protocol.Configuration;

/// <summary>
/// The settings of an <see cref="OriginRequest"/> that differ from those it inherits, under the names and in the order
/// in which they are written. A value is a <see cref="TimeSpan"/>, bool, int, string, an array of texts or of
/// <see cref="IngressIpRule"/>, or an <see cref="AccessRequirement"/>.
/// </summary>
internal static class OriginRequestDifference
{
    internal static IEnumerable<(string Name, object Value)> Of(OriginRequest request, OriginRequest inherited)
    {
        (string Name, object Value, object Inherited)[] all =
        [
            ("connectTimeout", request.ConnectTimeout, inherited.ConnectTimeout),
            ("tlsTimeout", request.TlsTimeout, inherited.TlsTimeout),
            ("tcpKeepAlive", request.TcpKeepAlive, inherited.TcpKeepAlive),
            ("noHappyEyeballs", request.NoHappyEyeballs, inherited.NoHappyEyeballs),
            ("keepAliveConnections", request.KeepAliveConnections, inherited.KeepAliveConnections),
            ("keepAliveTimeout", request.KeepAliveTimeout, inherited.KeepAliveTimeout),
            ("httpHostHeader", request.HttpHostHeader, inherited.HttpHostHeader),
            ("originServerName", request.OriginServerName, inherited.OriginServerName),
            ("matchSNItoHost", request.MatchSniToHost, inherited.MatchSniToHost),
            ("caPool", request.CaPool, inherited.CaPool),
            ("noTLSVerify", request.NoTlsVerify, inherited.NoTlsVerify),
            ("disableChunkedEncoding", request.DisableChunkedEncoding, inherited.DisableChunkedEncoding),
            ("bastionMode", request.BastionMode, inherited.BastionMode),
            ("proxyAddress", request.ProxyAddress, inherited.ProxyAddress),
            ("proxyPort", request.ProxyPort, inherited.ProxyPort),
            ("proxyType", request.ProxyType, inherited.ProxyType),
            ("ipRules", request.IpRules, inherited.IpRules),
            ("http2Origin", request.Http2Origin, inherited.Http2Origin),
            ("access", request.Access, inherited.Access),
        ];
        return all.Where(s => !s.Value.Equals(s.Inherited)).Select(s => (s.Name, s.Value));
    }

    /// <summary>The members of <c>access</c>, defaults left out but for the two that cloudflared always writes.</summary>
    internal static IEnumerable<(string Name, object Value)> Members(AccessRequirement access)
    {
        if (access.Required)
        {
            yield return ("required", true);
        }
        yield return ("teamName", access.TeamName);
        yield return ("audTag", access.AudienceTags);
        if (access.Environment.Length > 0)
        {
            yield return ("environment", access.Environment);
        }
    }

    /// <summary>The members of an IP rule.</summary>
    internal static IEnumerable<(string Name, object Value)> Members(IngressIpRule rule) =>
        [("prefix", rule.Prefix.ToString()), ("ports", rule.Ports), ("allow", rule.Allow)];

    /// <summary>The settings of <c>warp-routing</c> that are not the default.</summary>
    internal static IEnumerable<(string Name, object Value)> Of(WarpRouting warpRouting)
    {
        var defaults = WarpRouting.Default;
        (string Name, object Value, object Default)[] all =
        [
            ("connectTimeout", warpRouting.ConnectTimeout, defaults.ConnectTimeout),
            ("maxActiveFlows", warpRouting.MaxActiveFlows, defaults.MaxActiveFlows),
            ("tcpKeepAlive", warpRouting.TcpKeepAlive, defaults.TcpKeepAlive),
        ];
        return all.Where(s => !s.Value.Equals(s.Default)).Select(s => (s.Name, s.Value));
    }
}
