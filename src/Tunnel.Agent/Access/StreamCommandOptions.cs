using System.CommandLine;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Tunnel.Agent.CommandLine;
using Tunnel.Core.Client;
using Tunnel.Core.Ssh;

namespace Tunnel.Agent.Access;

/// <summary>The options of <c>access ssh</c>; names, aliases and variables are cloudflared's where it has them.</summary>
internal sealed class StreamCommandOptions
{
    private readonly Option<string?> _hostname = AgentOption.Text(
        "hostname", "The application's hostname.", "TUNNEL_SERVICE_HOSTNAME", "tunnel-host", "T");

    private readonly Option<string?> _destination = AgentOption.Text(
        "destination", "Behind a bastion: the host:port to reach.", "TUNNEL_SERVICE_DESTINATION");

    private readonly Option<string?> _url = AgentOption.Text(
        "url", "Listen on this host:port and connect each connection with the service.", "TUNNEL_SERVICE_URL", "listener", "L");

    private readonly Option<string[]> _headers = AgentOption.Texts(
        "header", "Another request header, as 'Name: value'; repeatable.", null, "H");

    private readonly Option<string?> _tokenId = AgentOption.Text(
        "service-token-id", "A service token's client id.", ServiceTokenFile.IdVariable, "id");

    private readonly Option<string?> _tokenSecret = AgentOption.Text(
        "service-token-secret", "Its secret. Arguments are public: better the variable, or a file.", ServiceTokenFile.SecretVariable, "secret");

    private readonly Option<string?> _tokenFile = AgentOption.Text(
        "service-token-file", "A file with both, readable by its owner only.", "TUNNEL_SERVICE_TOKEN_FILE");

    private readonly Option<string?> _appTokenFile = AgentOption.Text(
        "app-token-file", "A file with an application token (JWT), readable by its owner only.", "TUNNEL_APP_TOKEN_FILE");

    private readonly Option<string?> _folder = Person.FolderOption();

    private readonly ConnectOptions _connect = new();

    private readonly Option<string?> _logLevel = AgentOption.Text(
        "log-level", "debug, info, warn, error or fatal.", null, "loglevel");

    /// <summary>cloudflared's that change nothing here: messages go to standard error.</summary>
    private readonly Option[] _accepted =
    [
        new Option<string?>("--logfile") { Hidden = true },
        new Option<string?>("--log-directory") { Hidden = true },
        new Option<string?>("--debug-stream") { Hidden = true },
    ];

    /// <summary>The listener's address, as cloudflared takes it too.</summary>
    private readonly Argument<string?> _listener = new("listener")
    {
        Arity = ArgumentArity.ZeroOrOne,
        Description = "The same as --url.",
    };

    public void AddTo(Command command)
    {
        foreach (var option in (Option[])[_hostname, _url, _tokenId, _tokenSecret, _tokenFile, _appTokenFile, _folder, _destination, _headers])
        {
            command.Options.Add(option);
        }

        _connect.AddTo(command);
        command.Options.Add(_logLevel);
        foreach (var option in _accepted)
        {
            command.Options.Add(option);
        }

        command.Arguments.Add(_listener);
    }

    /// <exception cref="UsageException">Something given makes no sense.</exception>
    public StreamSettings Read(ParseResult result)
    {
        var connect = _connect.Read(result, ConnectOptions.ReadAddress(
            result.GetValue(_hostname) ?? throw new UsageException("Give the application's name with --hostname.")));
        var listener = ReadListener(result.GetValue(_url) ?? result.GetValue(_listener));
        var (id, secret) = ReadServiceToken(result);
        var client = new AccessClientOptions
        {
            Address = connect.Address,
            ConnectTo = connect.ConnectTo,
            ServerName = connect.ServerName,
            CertificateAuthorityFile = connect.CertificateAuthorityFile,
            ServiceTokenId = id,
            ServiceTokenSecret = secret,
            AppToken = result.GetValue(_appTokenFile) is { } path ? SecretFile.ReadLine(path) : null,
            Destination = result.GetValue(_destination),
            Headers = [.. (result.GetValue(_headers) ?? []).Select(ReadHeader)],
            UserAgent = connect.UserAgent,
            BlockingIo = listener is null,
        };
        return new StreamSettings(client, listener, result.GetValue(_folder), result.GetValue(_logLevel) is "debug");
    }

    private (string? Id, string? Secret) ReadServiceToken(ParseResult result)
    {
        if (result.IsGiven(_tokenSecret))
        {
            Console.Error.WriteLine(
                "tunnel-agent: warning: a secret in an argument is visible to every user of this machine; " +
                $"use {ServiceTokenFile.SecretVariable} or --service-token-file.");
        }

        // What the command line says goes before what the environment happens to hold.
        var path = result.GetValue(_tokenFile);
        if (path is not null && !result.IsGiven(_tokenId) && (result.IsGiven(_tokenFile) || result.GetValue(_tokenId) is null))
        {
            try
            {
                var file = ServiceTokenFile.Read(path);
                return (file.ClientId, file.ClientSecret);
            }
            catch (SshConfigException error)
            {
                throw new UsageException(error.Message);
            }
        }

        var (id, secret) = (result.GetValue(_tokenId), result.GetValue(_tokenSecret));
        return (id is null) == (secret is null)
            ? (id, secret)
            : throw new UsageException("A service token is an id and a secret: one of them is missing.");
    }

    private static KeyValuePair<string, string> ReadHeader(string header)
    {
        var colon = header.IndexOf(':', StringComparison.Ordinal);
        return colon > 0
            ? new(header[..colon].Trim(), header[(colon + 1)..].Trim())
            : throw new UsageException("A --header has the form 'Name: value'.");
    }

    private static IPEndPoint? ReadListener(string? listener)
    {
        if (listener is null)
        {
            return null;
        }

        var scheme = listener.IndexOf("://", StringComparison.Ordinal);
        var text = (scheme < 0 ? listener : listener[(scheme + 3)..]).TrimEnd('/');
        var colon = text.LastIndexOf(':');
        if (colon >= 0 && ushort.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var port))
        {
            var host = text[..colon].Trim('[', ']');
            if (host is "localhost")
            {
                return new IPEndPoint(IPAddress.Loopback, port);
            }

            if (IPAddress.TryParse(host, out var address) && address.AddressFamily is AddressFamily.InterNetwork or AddressFamily.InterNetworkV6)
            {
                return new IPEndPoint(address, port);
            }
        }

        throw new UsageException($"'{listener}' is not an address to listen on. Give for instance 127.0.0.1:2222.");
    }
}
