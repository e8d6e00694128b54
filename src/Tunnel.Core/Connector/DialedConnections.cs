using System.Net;
using System.Threading.Channels;
using Microsoft.AspNetCore.Connections;

namespace Tunnel.Core.Connector;

/// <summary>
/// Lets Kestrel "accept" the connections that we dial: the connector is the HTTP/2 server on connections on which it
/// is the TCP client, because the edge opens the streams.
/// </summary>
internal sealed class DialedConnections : IConnectionListenerFactory, IConnectionListener
{
    private readonly Channel<ConnectionContext> _dialed = Channel.CreateUnbounded<ConnectionContext>();

    public EndPoint EndPoint { get; private set; } = new IPEndPoint(IPAddress.None, 0);

    public void Hand(DialedConnection connection)
    {
        if (!_dialed.Writer.TryWrite(connection))
        {
            throw new ConnectorException("The connector is stopping.");
        }
    }

    public ValueTask<IConnectionListener> BindAsync(EndPoint endpoint, CancellationToken cancellationToken = default)
    {
        EndPoint = endpoint;
        return ValueTask.FromResult<IConnectionListener>(this);
    }

    public async ValueTask<ConnectionContext?> AcceptAsync(CancellationToken cancellationToken = default)
    {
        while (await _dialed.Reader.WaitToReadAsync(cancellationToken).ConfigureAwait(false))
        {
            if (_dialed.Reader.TryRead(out var connection))
            {
                return connection;
            }
        }

        return null;
    }

    public ValueTask UnbindAsync(CancellationToken cancellationToken = default)
    {
        _dialed.Writer.TryComplete();
        return ValueTask.CompletedTask;
    }

    public ValueTask DisposeAsync() => UnbindAsync();
}
