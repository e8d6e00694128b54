using System.IO.Pipelines;

namespace Tunnel.Protocol.Registration;

/// <summary>The edge's side of a control stream.</summary>
public sealed class RegistrationServer(IDuplexPipe transport, IRegistrationHandler handler)
{
    /// <summary>Serves until the connector ends the stream or aborts.</summary>
    public Task RunAsync(CancellationToken cancellationToken)
    {
        _ = (transport, handler);
        throw new NotImplementedException();
    }
}
