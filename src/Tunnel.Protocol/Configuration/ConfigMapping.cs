namespace Tunnel.Protocol.Configuration;

/// <summary>Names with values, in the order of the text.</summary>
internal sealed record ConfigMapping(IReadOnlyList<KeyValuePair<string, ConfigNode>> Entries, int? Line) : ConfigNode(Line)
{
    internal override int Size { get; } = 1 + Entries.Sum(e => 1 + e.Value.Size);

    internal override string What => "a mapping";

    public bool Equals(ConfigMapping? other) => other is not null && Entries.SequenceEqual(other.Entries);

    public override int GetHashCode() => Entries.Count;
}
