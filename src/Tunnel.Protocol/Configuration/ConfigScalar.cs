namespace Tunnel.Protocol.Configuration;

/// <summary>A value without parts.</summary>
/// <param name="Text">The text, unescaped.</param>
/// <param name="Form">How it was written.</param>
/// <param name="Line">Where it stands.</param>
internal sealed record ConfigScalar(string Text, ConfigScalarForm Form, int? Line) : ConfigNode(Line)
{
    internal override int Size => 1;

    internal override string What => Form switch
    {
        ConfigScalarForm.JsonNumber => "a number",
        ConfigScalarForm.JsonBoolean => "true or false",
        ConfigScalarForm.Null => "null",
        _ => $"'{(Text.Length <= 60 ? Text : Text[..57] + "...")}'",
    };

    public bool Equals(ConfigScalar? other) => other is not null && Text == other.Text && Form == other.Form;

    public override int GetHashCode() => HashCode.Combine(Text, Form);
}
