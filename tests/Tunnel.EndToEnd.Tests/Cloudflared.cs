using System.Globalization;
using Tunnel.Core.Api;
using Tunnel.Protocol.Credentials;
using Tunnel.Testing;

namespace Tunnel.EndToEnd.Tests;

/// <summary>
/// Cloudflare's own program, when the machine has one: what the variable <c>CLOUDFLARED</c> names, else the one on the
/// path. It is kept from the network: it looks for no updates and dials loopback only.
/// </summary>
internal static class Cloudflared
{
    private static readonly string? s_path = Environment.GetEnvironmentVariable("CLOUDFLARED") is { Length: > 0 } given
        ? given
        : (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
            .Select(folder => Path.Combine(folder, OperatingSystem.IsWindows() ? "cloudflared.exe" : "cloudflared"))
            .FirstOrDefault(File.Exists);

    public static void SkipUnlessInstalled() =>
        Assert.SkipWhen(s_path is null, "cloudflared is neither on the path nor named by the variable CLOUDFLARED");

    /// <summary>Starts a connector with four connections.</summary>
    /// <param name="ingress">Where its one hostname leads; null for a tunnel that the edge configures.</param>
    public static RunningProgram StartConnector(
        EdgeLab lab, TunnelCredentials credentials, TemporaryDirectory directory, string hostname, string? ingress) => StartConfigured(
        lab, credentials, directory, ingress is null ? "no-autoupdate: true\n" : string.Create(CultureInfo.InvariantCulture, $"""
            ingress:
              - hostname: {hostname}
                service: {ingress}
              - service: http_status:404

            """));

    /// <summary>Starts a connector with four connections.</summary>
    /// <param name="yaml">Its config.yml.</param>
    /// <param name="variables">Further variables of its environment.</param>
    public static RunningProgram StartConfigured(
        EdgeLab lab, TunnelCredentials credentials, TemporaryDirectory directory, string yaml, IReadOnlyDictionary<string, string>? variables = null)
    {
        var configuration = directory.File("config.yml");
        File.WriteAllText(configuration, yaml);
        var token = directory.File("token");
        File.WriteAllText(token, TunnelToken.Format(credentials));
        return new RunningProgram(s_path!,
        [
            "tunnel", "--no-autoupdate", "--config", configuration, .. Edge(lab), "run", "--token-file", token,
        ], new Dictionary<string, string>([.. Variables(lab, directory), .. variables ?? new Dictionary<string, string>()]));
    }

    /// <summary>Runs one of the commands that manage tunnels to its end, signed in with the folder's cert.pem.</summary>
    public static Task<ProcessResult> TunnelAsync(EdgeLab lab, TemporaryDirectory directory, params IEnumerable<string> arguments) =>
        ProcessResult.RunAsync(s_path!, [.. Management(lab, directory), .. arguments], environment: Variables(lab, directory));

    /// <summary>Starts a connector for a tunnel that it finds by its name, with the credentials that it made itself.</summary>
    public static RunningProgram Run(EdgeLab lab, TemporaryDirectory directory, string tunnel, string service)
    {
        var configuration = directory.File("config.yml");
        File.WriteAllText(configuration, $"ingress:\n  - service: {service}\n");
        return new RunningProgram(s_path!, [.. Management(lab, directory), "--config", configuration, .. Edge(lab), "run", tunnel],
            Variables(lab, directory));
    }

    private static string[] Management(EdgeLab lab, TemporaryDirectory directory) =>
        ["tunnel", "--origincert", directory.File("cert.pem"), "--api-url", lab.Edge.ApiAddress.AbsoluteUri, "--no-autoupdate"];

    private static string[] Edge(EdgeLab lab)
    {
        var address = $"{lab.TunnelAddress.Host}:{lab.TunnelAddress.Port}";
        return
        [
            "--edge", address, "--edge", address, "--edge", address, "--edge", address,
            "--cacert", lab.Edge.CertificateAuthorityFile, "--protocol", "http2", "--no-prechecks", "--metrics", "127.0.0.1:0",
        ];
    }

    public static RunningProgram Start(IEnumerable<string> arguments, IReadOnlyDictionary<string, string> variables) =>
        new(s_path!, arguments, variables);

    public static Task<ProcessResult> RunAsync(IEnumerable<string> arguments, IReadOnlyDictionary<string, string> variables) =>
        ProcessResult.RunAsync(s_path!, [.. arguments], environment: variables);

    /// <summary>The ProxyCommand that reaches a hostname at the lab's edge.</summary>
    public static string ProxyCommand(EdgeLab lab, string hostname) =>
        $"{s_path} access ssh --hostname {hostname} --connect-to {lab.PublicAddress.Host}:{lab.PublicAddress.Port}";

    /// <summary>The ProxyCommand that reaches a hostname where its name, or a proxy, leads.</summary>
    public static string ProxyCommand(string hostname) => $"{s_path} access ssh --hostname {hostname}";

    /// <summary>Its home, the authority that it trusts, and the service token of a visitor.</summary>
    public static IReadOnlyDictionary<string, string> Variables(EdgeLab lab, TemporaryDirectory home, ServiceToken? token = null) =>
        new Dictionary<string, string>
        {
            ["HOME"] = home.FullName,
            ["SSL_CERT_FILE"] = lab.Edge.CertificateAuthorityFile,
            ["TUNNEL_SERVICE_TOKEN_ID"] = token?.ClientId ?? "",
            ["TUNNEL_SERVICE_TOKEN_SECRET"] = token?.ClientSecret ?? "",
        };
}
