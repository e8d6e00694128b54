using System.Net;
using System.Text;
using Tunnel.Core.Client;

namespace Tunnel.Core.Ingress;

/// <summary>Proves that a tunnel works: reads sshd's banner through the edge, as a visitor would.</summary>
public sealed class TunnelProof
{
    // RFC 4253, section 4.2: lines before the identification are allowed; it has at most 255 bytes.
    private const int MaxBytes = 8 * 1024;

    private readonly AccessClientOptions _client;

    /// <param name="client">The hostname, and what opens it.</param>
    public TunnelProof(AccessClientOptions client)
    {
        ArgumentNullException.ThrowIfNull(client);
        _client = client;
    }

    public string Hostname => _client.Address.Host;

    /// <summary>What is dialled.</summary>
    public DnsEndPoint EndPoint => _client.ConnectTo ?? new DnsEndPoint(_client.Address.Host, _client.Address.Port);

    /// <summary>How long the banner may take, connecting included.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(15);

    /// <returns>The server's identification, such as <c>SSH-2.0-OpenSSH_9.2p1</c>.</returns>
    /// <exception cref="AccessDeniedException">Access does not let this visitor in.</exception>
    /// <exception cref="AccessConnectException">There is no way to the service.</exception>
    /// <exception cref="IOException">What answers is no SSH server, or nothing answers in time.</exception>
    public async Task<string> ReadBannerAsync(CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Timeout);
        try
        {
            var stream = await AccessStream.ConnectAsync(_client, limit.Token).ConfigureAwait(false);
            await using var _ = stream.ConfigureAwait(false);
            return await ReadAsync(stream, limit.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new IOException($"Nothing answered at {Hostname} within {Timeout.TotalSeconds:0} s.");
        }
    }

    private async Task<string> ReadAsync(Stream stream, CancellationToken cancellationToken)
    {
        var buffer = new byte[MaxBytes];
        var length = 0;
        while (length < buffer.Length)
        {
            var read = await stream.ReadAsync(buffer.AsMemory(length), cancellationToken).ConfigureAwait(false);
            length += read;
            foreach (var line in Encoding.ASCII.GetString(buffer, 0, length).Split('\n')[..^1])
            {
                if (line.StartsWith("SSH-", StringComparison.Ordinal))
                {
                    return line.TrimEnd('\r');
                }
            }

            if (read == 0)
            {
                break;
            }
        }

        throw new IOException(length == 0
            ? $"The stream to {Hostname} ended without a word: sshd is down, or the connector cannot reach it."
            : $"What answers at {Hostname} is no SSH server.");
    }
}
