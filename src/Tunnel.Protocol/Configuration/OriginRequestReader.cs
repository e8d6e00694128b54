namespace Tunnel.Protocol.Configuration;

/// <summary>Reads <c>originRequest</c> over the settings that it inherits from.</summary>
internal static class OriginRequestReader
{
    private const int MaxItems = 1000;

    private static readonly string[] Names =
    [
        "connectTimeout", "tlsTimeout", "tcpKeepAlive", "noHappyEyeballs", "keepAliveConnections", "keepAliveTimeout",
        "httpHostHeader", "originServerName", "matchSNItoHost", "caPool", "noTLSVerify", "disableChunkedEncoding",
        "bastionMode", "proxyAddress", "proxyPort", "proxyType", "ipRules", "http2Origin", "access",
    ];

    private static readonly string[] AccessNames = ["required", "teamName", "audTag", "environment"];

    private static readonly string[] IpRuleNames = ["prefix", "ports", "allow"];

    internal static OriginRequest Read(ConfigValues values, ConfigNode node, OriginRequest inherited)
    {
        var result = inherited;
        foreach (var (name, value) in values.Members(node, "originRequest", Names))
        {
            result = name switch
            {
                "connectTimeout" => result with { ConnectTimeout = values.Duration(value, name) },
                "tlsTimeout" => result with { TlsTimeout = values.Duration(value, name) },
                "tcpKeepAlive" => result with { TcpKeepAlive = values.Duration(value, name, mayBeNegative: true) },
                "noHappyEyeballs" => result with { NoHappyEyeballs = values.Boolean(value, name) },
                "keepAliveConnections" => result with { KeepAliveConnections = (int)values.Number(value, name, int.MaxValue) },
                "keepAliveTimeout" => result with { KeepAliveTimeout = values.Duration(value, name) },
                "httpHostHeader" => result with { HttpHostHeader = values.Text(value, name) },
                "originServerName" => result with { OriginServerName = values.Text(value, name) },
                "matchSNItoHost" => result with { MatchSniToHost = values.Boolean(value, name) },
                "caPool" => result with { CaPool = values.Text(value, name) },
                "noTLSVerify" => result with { NoTlsVerify = values.Boolean(value, name) },
                "disableChunkedEncoding" => result with { DisableChunkedEncoding = values.Boolean(value, name) },
                "bastionMode" => result with { BastionMode = values.Boolean(value, name) },
                "proxyAddress" => result with { ProxyAddress = values.Text(value, name) },
                "proxyPort" => result with { ProxyPort = (int)values.Number(value, name, 65535) },
                "proxyType" => result with { ProxyType = values.Text(value, name) },
                "http2Origin" => result with { Http2Origin = values.Boolean(value, name) },
                "access" => result with { Access = ReadAccess(values, value) },
                _ => values.List(value, name, MaxItems) is { Count: > 0 } rules
                    ? result with { IpRules = [.. rules.Select(r => ReadIpRule(values, r))] }
                    : result,
            };
        }
        return result;
    }

    private static AccessRequirement ReadAccess(ConfigValues values, ConfigNode node)
    {
        var result = AccessRequirement.None;
        foreach (var (name, value) in values.Members(node, "access", AccessNames))
        {
            result = name switch
            {
                "required" => result with { Required = values.Boolean(value, name) },
                "teamName" => result with { TeamName = values.Text(value, name) },
                "environment" => result with { Environment = values.Text(value, name) },
                _ => result with { AudienceTags = [.. values.List(value, name, MaxItems).Select(t => values.Text(t, name))] },
            };
        }
        return result;
    }

    private static IngressIpRule ReadIpRule(ConfigValues values, ConfigNode node)
    {
        var result = new IngressIpRule(default, [], false);
        var hasPrefix = false;
        foreach (var (name, value) in values.Members(node, "ipRules", IpRuleNames))
        {
            if (name == "prefix")
            {
                hasPrefix = true;
                result = IngressIpRule.TryParsePrefix(values.Text(value, name), out var prefix)
                    ? result with { Prefix = prefix }
                    : throw values.Bad(value, "'prefix' must be a range of addresses such as 10.0.0.0/8.");
            }
            else
            {
                result = name == "allow"
                    ? result with { Allow = values.Boolean(value, name) }
                    : result with { Ports = [.. values.List(value, name, MaxItems).Select(p => ReadPort(values, p))] };
            }
        }
        return hasPrefix ? result : throw values.Bad(node, "An IP rule has no prefix. Add one, such as 'prefix: 10.0.0.0/8'.");
    }

    private static int ReadPort(ConfigValues values, ConfigNode node) =>
        (int)values.Number(node, "ports", 65535) is > 0 and var port ? port : throw values.Bad(node, "A port is a number from 1 to 65535.");
}
