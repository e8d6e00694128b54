namespace Tunnel.Protocol.Configuration;

/// <summary>A list of values.</summary>
internal sealed record ConfigSequence(IReadOnlyList<ConfigNode> Items, int? Line) : ConfigNode(Line)
{
    internal override int Size { get; } = 1 + Items.Sum(i => i.Size);

    internal override string What => "a list";

    public bool Equals(ConfigSequence? other) => other is not null && Items.SequenceEqual(other.Items);

    public override int GetHashCode() => Items.Count;
}
