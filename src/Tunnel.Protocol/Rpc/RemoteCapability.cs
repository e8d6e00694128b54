using Tunnel.Protocol.CapnProto;
using Tunnel.Protocol.Rpc.Messages;

namespace Tunnel.Protocol.Rpc;

/// <summary>
/// The peer's bootstrap capability. It can be called before the peer has sent it: such calls name the question it is
/// the answer to, so that they need no round trip of their own.
/// </summary>
public sealed class RemoteCapability
{
    private const long Unknown = -1;

    private readonly RpcConnection _connection;
    private readonly Question _question;
    private long _import = Unknown;

    internal RemoteCapability(RpcConnection connection, Question question)
    {
        _connection = connection;
        _question = question;
        question.OnReturn = payload => Volatile.Write(ref _import, ReadImport(payload));
    }

    /// <summary>Where a call goes now. Called in turn with what is sent: an answer is named before its Finish only.</summary>
    internal MessageTarget Target
    {
        get
        {
            var import = Volatile.Read(ref _import);
            if (import == Unknown && _question.Returned.IsFaulted)
            {
                _question.Returned.GetAwaiter().GetResult();
            }

            return import == Unknown ? MessageTarget.Answer(_question.Id) : MessageTarget.Import((uint)import);
        }
    }

    /// <summary>Calls a method.</summary>
    /// <param name="interfaceId">The interface's identifier.</param>
    /// <param name="methodId">The method's number in the interface.</param>
    /// <param name="parameters">Makes the parameters' struct.</param>
    /// <param name="cancellationToken">Gives the call up; the peer is told.</param>
    /// <returns>The results' struct.</returns>
    /// <exception cref="RpcException">The call failed, or the connection ended.</exception>
    /// <exception cref="CapnProtoException">The results are no struct.</exception>
    public async Task<StructReader> CallAsync(
        ulong interfaceId, ushort methodId, Action<PointerBuilder> parameters, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        var payload = await _connection.CallAsync(this, interfaceId, methodId, parameters, cancellationToken)
            .ConfigureAwait(false);
        return payload.GetStruct(0);
    }

    private static uint ReadImport(StructReader payload)
    {
        var capabilities = payload.GetList(1);
        return payload.GetPointer(0).GetCapability() is { } index
            && index < capabilities.Count
            && CapDescriptor.ReadImport(capabilities.GetStruct((int)index)) is { } import
                ? import
                : throw new RpcException(RpcExceptionType.Failed, "The peer has no bootstrap capability.");
    }
}
