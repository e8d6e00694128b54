using System.Net;
using CsCheck;
using Tunnel.Protocol.Configuration;

namespace Tunnel.Protocol.Tests.Configuration;

/// <summary>Configurations with every setting in use.</summary>
internal static class ConfigurationGen
{
    private static readonly Gen<TimeSpan> Duration = Gen.OneOf(
        Gen.Int[0, 100_000].Select(s => TimeSpan.FromSeconds(s)),
        Gen.Long[0, 1L << 50].Select(t => new TimeSpan(t)));

    // What YAML could take for something else.
    private static readonly Gen<string> Text = Gen.OneOf(
        Gen.OneOf("", "true", "null", "~", "7", "0x1f", "- a", "a: b", "#no", "'", "\"", "*x", "&x", "!x", "%", "@", "`", " a ", "a\nb", "\u00e9\u2028", "<<", "y"),
        Gen.String);

    private static readonly Gen<IngressIpRule> IpRule = Gen.Select(
        Gen.OneOf("10.0.0.0/8", "0.0.0.0/0", "192.0.2.7/32", "2001:db8::/32"), Gen.Int[1, 65535].List[0, 3], Gen.Bool,
        (prefix, ports, allow) => new IngressIpRule(IPNetwork.Parse(prefix), ports, allow));

    private static readonly Gen<AccessRequirement> Access = Gen.Select(
        Text, Text.List[0, 2], Gen.OneOf("", "fed"),
        (team, tags, environment) => new AccessRequirement
        {
            Required = true,
            TeamName = team.Length == 0 ? "team" : team,
            AudienceTags = tags,
            Environment = environment,
        });

    internal static readonly Gen<OriginRequest> OriginRequest = Gen.Select(
        Gen.Select(Duration, Duration, Duration, Duration),
        Gen.Bool.Array[6],
        Gen.Select(Text, Text, Text, Text, Text),
        Gen.Select(Gen.Int[0, 1000], Gen.Int[0, 65535]),
        Gen.Select(IpRule.List[0, 2], Access, Gen.Bool),
        (times, flags, texts, numbers, others) => new OriginRequest
        {
            ConnectTimeout = times.Item1,
            TlsTimeout = times.Item2,
            TcpKeepAlive = flags[0] ? -times.Item3 : times.Item3,
            KeepAliveTimeout = times.Item4,
            NoHappyEyeballs = flags[1],
            MatchSniToHost = flags[2],
            NoTlsVerify = flags[3],
            DisableChunkedEncoding = flags[4],
            Http2Origin = flags[5],
            HttpHostHeader = texts.Item1,
            OriginServerName = texts.Item2,
            CaPool = texts.Item3,
            ProxyAddress = texts.Item4,
            ProxyType = texts.Item5,
            KeepAliveConnections = numbers.Item1,
            ProxyPort = numbers.Item2,
            IpRules = others.Item1,
            Access = others.Item3 ? others.Item2 : AccessRequirement.None,
        });

    internal static readonly Gen<OriginService> Service = Gen.OneOf(
        "ssh://localhost", "ssh://[::1]:2222", "tcp://127.0.0.1:19000", "rdp://host", "smb://host", "http://localhost",
        "https://origin.example.test:8443", "ws://a", "wss://a:1", "unix:/run/a b.sock", "unix+tls:/run/app.sock",
        "http_status:404", "hello_world", "bastion", "socks-proxy", "ftp://host:21").Select(OriginService.Parse);

    private static readonly Gen<IngressRule> Rule = Gen.Select(
        Gen.OneOf("ssh.example.test", "*.example.test", "b\u00fccher.example", "a"),
        Gen.OneOf(null, "/static/.*\\.html", "^/[a-z]+$", "\u00e9 '\"#"),
        Service,
        OriginRequest,
        (hostname, path, service, request) => new IngressRule(hostname, path, service, request));

    private static readonly Gen<IngressRules> Ingress = Gen.Select(
        Rule.List[0, 3], Gen.OneOf(null, "*"), Service, OriginRequest, Gen.Bool,
        (rules, hostname, service, request, isEmpty) =>
            isEmpty ? IngressRules.Empty : new IngressRules([.. rules, new IngressRule(hostname, null, service, request)]));

    private static readonly Gen<WarpRouting> Warp = Gen.Select(
        Duration, Gen.ULong, Duration,
        (connect, flows, keepAlive) => new WarpRouting { ConnectTimeout = connect, MaxActiveFlows = flows, TcpKeepAlive = -keepAlive });

    /// <summary>Without what only one of the two forms has.</summary>
    internal static readonly Gen<TunnelConfiguration> Configuration = Gen.Select(
        Ingress, Warp, (ingress, warp) => new TunnelConfiguration { Ingress = ingress, WarpRouting = warp });

    /// <summary>With what only the file has.</summary>
    internal static readonly Gen<TunnelConfiguration> File = Gen.Select(
        Configuration, OriginRequest, Text, Text, Gen.Select(Gen.OneOf("protocol", "loglevel", "token", "yes", "null"), Text).List[0, 3],
        (configuration, request, tunnel, credentials, settings) => configuration with
        {
            OriginRequest = request with { IpRules = [], BastionMode = false },
            Tunnel = tunnel,
            CredentialsFile = credentials,
            Settings = settings.Aggregate(ConfigurationSettings.Empty, (all, one) => all.With(one.Item1, one.Item2)),
        });

    /// <summary>With what only the JSON has.</summary>
    internal static readonly Gen<TunnelConfiguration> Report = Gen.Select(
        Configuration, Gen.Select(Text, Text).List[0, 3],
        (configuration, flags) => configuration with
        {
            ConfigurationFlags = flags.DistinctBy(f => f.Item1).ToDictionary(f => f.Item1, f => f.Item2),
        });
}
