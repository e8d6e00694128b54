using CsCheck;

namespace Tunnel.Protocol.Tests;

/// <summary>Texts that are nearly what a reader wants: samples with pieces removed, repeated, or put in.</summary>
internal static class MutatedText
{
    /// <summary>Mutations of the samples; what is put in is made of <paramref name="alphabet"/>.</summary>
    internal static Gen<string> Of(string alphabet, params string[] samples) =>
        Gen.Select(
            Gen.Int[0, samples.Length - 1],
            Gen.Select(Gen.Int[0, 4], Gen.Int[0, 1 << 20], Gen.Int[0, 12], Gen.String[Gen.Char[alphabet], 0, 5]).List[0, 4],
            (index, edits) => edits.Aggregate(samples[index], Edit));

    private static string Edit(string text, (int Kind, int At, int Length, string Insert) edit)
    {
        var at = text.Length == 0 ? 0 : edit.At % text.Length;
        var length = Math.Min(edit.Length, text.Length - at);
        return edit.Kind switch
        {
            0 => text.Remove(at, length),
            1 => text.Insert(at, text.Substring(at, length)),
            2 => text[..at],
            3 => text.Insert(at, ((char)(edit.At % 0x300)).ToString()),
            _ => text.Remove(at, length).Insert(at, edit.Insert),
        };
    }
}
