using System.CommandLine;
using System.Globalization;
using System.Net;
using Tunnel.Agent.CommandLine;
using Tunnel.Core.Client;

namespace Tunnel.Agent.Access;

/// <summary>How the edge is reached and trusted: the same in every command.</summary>
internal sealed class ConnectOptions
{
    public const string CertificateAuthorityOption = "--cacert";

    private readonly Option<string?> _connectTo = AgentOption.Text(
        "connect-to", "Dial HOST, HOST:PORT or SNI:PORT:HOST instead; the certificate is checked all the same.");

    private readonly Option<string?> _certificateAuthority = AgentOption.Text(
        CertificateAuthorityOption[2..], "A PEM file with the only certificate authorities to trust.", "TUNNEL_CACERT");

    public void AddTo(Command command)
    {
        command.Options.Add(_connectTo);
        command.Options.Add(_certificateAuthority);
    }

    /// <summary>To be called before anything of TLS.</summary>
    /// <exception cref="UsageException">It makes no sense.</exception>
    public AccessClientOptions Read(ParseResult result, AccessAddress address)
    {
        var (connectTo, serverName) = ReadConnectTo(result.GetValue(_connectTo), address);
        return new AccessClientOptions
        {
            Address = address,
            ConnectTo = connectTo,
            ServerName = serverName,
            CertificateAuthorityFile = SystemTrust.Prepare(result.GetValue(_certificateAuthority)),
            UserAgent = AgentVersion.UserAgent,
        };
    }

    /// <exception cref="UsageException">It is no address of an application.</exception>
    public static AccessAddress ReadAddress(string hostname)
    {
        try
        {
            return AccessAddress.Parse(hostname);
        }
        catch (FormatException error)
        {
            throw new UsageException(error.Message);
        }
    }

    private static (DnsEndPoint? ConnectTo, string? ServerName) ReadConnectTo(string? connectTo, AccessAddress address)
    {
        if (connectTo is null)
        {
            return (null, null);
        }

        var bracket = connectTo.IndexOf(']', StringComparison.Ordinal);
        var parts = connectTo.StartsWith('[') && bracket > 0
            ? [connectTo[1..bracket], .. connectTo[(bracket + 1)..].Split(':')[1..]]
            : connectTo.Split(':', 3);
        return parts switch
        {
            [var host] => (new DnsEndPoint(host, address.Port), null),
            [var host, var port] => (new DnsEndPoint(host, Port(port)), null),
            [var name, var port, var host] when host.StartsWith('[') || !host.Contains(':', StringComparison.Ordinal) =>
                (new DnsEndPoint(host.Trim('[', ']'), Port(port)), name),
            _ => throw Bad(),
        };

        int Port(string text) =>
            ushort.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port > 0 ? port : throw Bad();

        UsageException Bad() => new($"'{connectTo}' is not an address to connect to. Give HOST:PORT.");
    }
}
