namespace Tunnel.Protocol.Rpc;

/// <summary>The one capability that a connection exports, and how many references the peer holds to it.</summary>
internal sealed class BootstrapExport(ICapability capability)
{
    /// <summary>Its number in the table of exports, which has no other entry.</summary>
    public const uint Id = 0;

    private long _references;

    public ICapability Capability => capability;

    public bool IsHeld(uint id) => id == Id && _references > 0;

    public void AddReference() => _references++;

    /// <exception cref="RpcException">The peer releases what it does not have: it violates the protocol.</exception>
    public void Release(uint id, uint references)
    {
        if (id != Id || references > _references)
        {
            throw new RpcException(RpcExceptionType.Failed, $"Export {id} is released more often than it was sent.");
        }

        _references -= references;
    }
}
