using Tunnel.Protocol.CapnProto;

namespace Tunnel.Protocol.Rpc.Messages;

/// <summary>
/// <c>MessageTarget</c> of rpc.capnp: a capability that the receiver exported, or one in the answer to an earlier
/// question (<c>PromisedAnswer</c>), be it answered or not.
/// </summary>
/// <param name="IsPromisedAnswer">Which of the two.</param>
/// <param name="Id">The receiver's export, or the sender's question.</param>
/// <param name="IsTransformed">The promised answer's transform leads from the answer itself to a field of it.</param>
internal readonly record struct MessageTarget(bool IsPromisedAnswer, uint Id, bool IsTransformed = false)
{
    private const ushort ImportedCap = 0;
    private const ushort PromisedAnswer = 1;
    private const ushort Noop = 0;

    public static MessageTarget Import(uint id) => new(IsPromisedAnswer: false, id);

    public static MessageTarget Answer(uint questionId) => new(IsPromisedAnswer: true, questionId);

    /// <summary>Null where the target is of a kind that rpc.capnp did not have in 2026.</summary>
    public static MessageTarget? Read(StructReader target)
    {
        switch (target.GetUInt16(4))
        {
            case ImportedCap:
                return Import(target.GetUInt32(0));
            case PromisedAnswer:
                var promised = target.GetStruct(0);
                var transform = promised.GetList(0);
                var isTransformed = false;
                for (var i = 0; i < transform.Count; i++)
                {
                    isTransformed |= transform.GetStruct(i).GetUInt16(0) != Noop;
                }

                return new MessageTarget(IsPromisedAnswer: true, promised.GetUInt32(0), isTransformed);
            default:
                return null;
        }
    }

    public void Write(PointerBuilder pointer)
    {
        var target = pointer.InitStruct(1, 1);
        if (IsPromisedAnswer)
        {
            target.SetUInt16(4, PromisedAnswer);
            target.InitStruct(0, 1, 1).SetUInt32(0, Id);
        }
        else
        {
            target.SetUInt32(0, Id);
        }
    }
}
