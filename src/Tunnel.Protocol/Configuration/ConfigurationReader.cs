namespace Tunnel.Protocol.Configuration;

/// <summary>Turns nodes into a configuration.</summary>
internal static class ConfigurationReader
{
    private static readonly string[] YamlNames = ["tunnel", "credentials-file", "ingress", "originRequest", "warp-routing"];

    private static readonly string[] JsonNames = ["__configuration_flags", "ingress", "originRequest", "warp-routing"];

    private static readonly string[] RuleNames = ["hostname", "path", "service", "originRequest"];

    // 'enabled' did something in old versions; files still have it.
    private static readonly string[] WarpRoutingNames = ["connectTimeout", "maxActiveFlows", "tcpKeepAlive", "enabled"];

    internal static TunnelConfiguration Read(ConfigValues values, ConfigNode root, bool isJson)
    {
        var settings = new List<KeyValuePair<string, ConfigNode>>();
        var members = values
            .Members(root, "the configuration", isJson ? JsonNames : YamlNames, isJson ? null : (n, v) => settings.Add(new(n, v)))
            .ToList();
        var result = new TunnelConfiguration();
        ConfigNode? ingress = null;
        foreach (var (name, value) in members)
        {
            result = name switch
            {
                "tunnel" => result with { Tunnel = values.Text(value, name) },
                "credentials-file" => result with { CredentialsFile = values.Text(value, name) },
                "originRequest" => result with { OriginRequest = OriginRequestReader.Read(values, value, OriginRequest.Default) },
                "warp-routing" => result with { WarpRouting = ReadWarpRouting(values, value) },
                "__configuration_flags" => result with { ConfigurationFlags = ReadFlags(values, value) },
                _ => result,
            };
            ingress = name == "ingress" ? value : ingress;
        }
        return result with
        {
            Settings = new ConfigurationSettings(settings),
            Ingress = ingress is null ? IngressRules.Empty : ReadIngress(values, ingress, result.OriginRequest),
        };
    }

    private static IngressRules ReadIngress(ConfigValues values, ConfigNode node, OriginRequest inherited)
    {
        var items = values.List(node, "ingress", IngressRules.MaxRules);
        var rules = new List<IngressRule>(items.Count);
        foreach (var item in items)
        {
            values.Rule = rules.Count + 1;
            rules.Add(ReadRule(values, item, inherited));
        }
        values.Rule = null;
        try
        {
            return new IngressRules(rules);
        }
        catch (ConfigurationException e) when (e.Rule is { } rule && items[rule - 1].Line is { } line)
        {
            throw e.AtLine(line);
        }
    }

    private static IngressRule ReadRule(ConfigValues values, ConfigNode node, OriginRequest inherited)
    {
        string? hostname = null;
        string? path = null;
        var service = "";
        var request = inherited;
        foreach (var (name, value) in values.Members(node, ConfigValues.RulePlace, RuleNames))
        {
            switch (name)
            {
                case "hostname":
                    hostname = values.Text(value, name);
                    break;
                case "path":
                    path = values.Text(value, name);
                    break;
                case "service":
                    service = values.Text(value, name);
                    break;
                default:
                    request = OriginRequestReader.Read(values, value, inherited);
                    break;
            }
        }
        if (hostname is ['*', not '.', ..])
        {
            values.Warn($"Ingress rule {values.Rule}: '{hostname}' matches nothing. Write '*.' and a name to match all below it.");
        }
        return new IngressRule(hostname, path, ReadService(values, node, service, request.BastionMode), request);
    }

    private static OriginService ReadService(ConfigValues values, ConfigNode node, string text, bool isBastion)
    {
        try
        {
            return text.Length == 0 && isBastion ? OriginService.Parse("bastion") : OriginService.Parse(text);
        }
        catch (ConfigurationException e)
        {
            throw values.Bad(node, e.Message);
        }
    }

    private static WarpRouting ReadWarpRouting(ConfigValues values, ConfigNode node)
    {
        var result = WarpRouting.Default;
        foreach (var (name, value) in values.Members(node, "warp-routing", WarpRoutingNames))
        {
            result = name switch
            {
                "connectTimeout" => result with { ConnectTimeout = values.Duration(value, name) },
                "maxActiveFlows" => result with { MaxActiveFlows = values.Number(value, name, ulong.MaxValue) },
                "tcpKeepAlive" => result with { TcpKeepAlive = values.Duration(value, name, mayBeNegative: true) },
                _ => result,
            };
        }
        return result;
    }

    private static Dictionary<string, string> ReadFlags(ConfigValues values, ConfigNode node)
    {
        var flags = new Dictionary<string, string>(StringComparer.Ordinal);
        _ = values.Members(node, "__configuration_flags", [], (n, v) => flags[n] = values.Text(v, n)).Count();
        return flags;
    }
}
