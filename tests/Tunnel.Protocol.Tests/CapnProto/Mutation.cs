using CsCheck;

namespace Tunnel.Protocol.Tests.CapnProto;

/// <summary>A change to bytes: some overwritten with values that hurt, some cut out or put in, the end cut off.</summary>
internal sealed record Mutation((double At, byte Value)[] Overwrites, double Cut, int CutLength, int EndLength)
{
    private static readonly byte[] Nasty = [0, 1, 2, 3, 4, 5, 6, 7, 0x7f, 0x80, 0xfc, 0xff];

    public static Gen<Mutation> Generate { get; } = Gen.Select(
        Gen.Select(
            Gen.Double[0, 1],
            Gen.OneOf(Gen.Byte, Gen.Int[0, Nasty.Length - 1].Select(i => Nasty[i]))).Array[0, 6],
        Gen.Double[0, 1],
        Gen.Frequency((3, Gen.Const(0)), (1, Gen.Int[-8, 16])),
        Gen.Frequency((3, Gen.Const(0)), (1, Gen.Int[0, 24])))
        .Select(t => new Mutation(t.Item1, t.Item2, t.Item3, t.Item4));

    public byte[] Apply(byte[] bytes)
    {
        var mutated = bytes.ToList();
        foreach (var (at, value) in Overwrites)
        {
            mutated[(int)(at * (mutated.Count - 1))] = value;
        }

        var cut = (int)(Cut * (mutated.Count - 1));
        if (CutLength >= 0)
        {
            mutated.RemoveRange(cut, Math.Min(CutLength, mutated.Count - cut));
        }
        else
        {
            mutated.InsertRange(cut, new byte[-CutLength]);
        }

        return [.. mutated.SkipLast(EndLength)];
    }
}
