namespace Tunnel.Protocol.Configuration;

/// <summary>How a value was written, which says what it may stand for.</summary>
internal enum ConfigScalarForm
{
    /// <summary>YAML without quotes: text, number or boolean, as the reader wants it.</summary>
    YamlPlain,

    /// <summary>YAML with quotes, or a block: text.</summary>
    YamlQuoted,

    JsonString,

    JsonNumber,

    JsonBoolean,

    Null,
}
