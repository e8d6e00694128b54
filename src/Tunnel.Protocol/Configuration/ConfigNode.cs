namespace Tunnel.Protocol.Configuration;

/// <summary>A value of a configuration, whether it came from YAML or JSON.</summary>
/// <param name="Line">Where it stands, from 1; null where that is not known.</param>
internal abstract record ConfigNode(int? Line)
{
    /// <summary>Most values in one configuration, aliases counted as often as they are used.</summary>
    internal const int MaxNodes = 100_000;

    /// <summary>Deepest nesting.</summary>
    internal const int MaxDepth = 32;

    /// <summary>How many values this one is made of, aliases counted as often as they are used.</summary>
    internal abstract int Size { get; }

    /// <summary>What it is, for messages.</summary>
    internal abstract string What { get; }
}
