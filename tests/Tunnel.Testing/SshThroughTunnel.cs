using Tunnel.Core.Api;
using Tunnel.Core.Connector;

namespace Tunnel.Testing;

/// <summary>A real sshd behind a real edge, locked to one service token; ssh and sftp reach it through tunnel-agent.</summary>
public sealed class SshThroughTunnel : IAsyncDisposable
{
    public const string Hostname = "ssh.example.test";

    private SshThroughTunnel(EdgeLab lab, SshServer server, ServiceToken token, TunnelConnector connector) =>
        (Lab, Server, Token, Connector) = (lab, server, token, connector);

    public EdgeLab Lab { get; }

    public SshServer Server { get; }

    public ServiceToken Token { get; }

    public TunnelConnector Connector { get; }

    /// <summary>What the ProxyCommand needs, kept out of its arguments.</summary>
    public IReadOnlyDictionary<string, string> Environment => new Dictionary<string, string>
    {
        ["TUNNEL_SERVICE_TOKEN_ID"] = Token.ClientId!,
        ["TUNNEL_SERVICE_TOKEN_SECRET"] = Token.ClientSecret!,
    };

    public string ProxyCommand =>
        $"'{AgentProgram.Path}' access ssh --hostname {Hostname} --connect-to {Lab.PublicAddress.Host}:{Lab.PublicAddress.Port} " +
        $"--cacert {Lab.Edge.CertificateAuthorityFile}";

    public IReadOnlyList<string> Options => [.. Server.ClientOptions, "-o", $"ProxyCommand={ProxyCommand}"];

    public static async Task<SshThroughTunnel> StartAsync()
    {
        var server = await SshServer.StartAsync();
        var lab = await EdgeLab.StartAsync();
        var token = await lab.ProtectWithTokenAsync(Hostname);
        return new SshThroughTunnel(lab, server, token, await lab.PublishAsync(Hostname, server.Url));
    }

    /// <summary>Runs a command on the server.</summary>
    public Task<ProcessResult> SshAsync(string command, TimeSpan? limit = null, string? input = null, params string[] options) =>
        ProcessResult.RunAsync("ssh", [.. Options, .. options, System.Environment.UserName + "@" + Hostname, command], limit, Environment, input);

    /// <summary>Runs an sftp batch.</summary>
    public Task<ProcessResult> SftpAsync(string batch, TimeSpan? limit = null) => ProcessResult.RunAsync(
        "sftp", [.. Options, "-b", "-", System.Environment.UserName + "@" + Hostname], limit, Environment, batch);

    public async ValueTask DisposeAsync()
    {
        await Lab.DisposeAsync();
        await Server.DisposeAsync();
    }
}
