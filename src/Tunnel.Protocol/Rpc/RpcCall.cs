using Tunnel.Protocol.CapnProto;
using Tunnel.Protocol.Rpc.Messages;

namespace Tunnel.Protocol.Rpc;

/// <summary>A call that the peer made.</summary>
public sealed class RpcCall
{
    private readonly PointerBuilder _content;
    private bool _hasResults;

    internal RpcCall(CallMessage message)
    {
        InterfaceId = message.InterfaceId;
        MethodId = message.MethodId;
        Parameters = message.Parameters;
        Return = ReturnMessage.BeginResults(message.QuestionId, out var payload);
        _content = payload.GetPointer(0);
    }

    /// <summary>The interface's identifier.</summary>
    public ulong InterfaceId { get; }

    /// <summary>The method's number in the interface.</summary>
    public ushort MethodId { get; }

    /// <summary>The parameters.</summary>
    public StructReader Parameters { get; }

    internal MessageBuilder Return { get; }

    /// <summary>Makes the results' struct. A method without results need not.</summary>
    public StructBuilder InitResults(int dataWords, int pointerCount)
    {
        _hasResults = true;
        return _content.InitStruct(dataWords, pointerCount);
    }

    internal MessageBuilder Complete()
    {
        if (!_hasResults)
        {
            InitResults(0, 0);
        }

        return Return;
    }
}
