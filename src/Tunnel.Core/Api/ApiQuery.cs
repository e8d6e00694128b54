using System.Text;

namespace Tunnel.Core.Api;

/// <summary>Builds paths and queries with every part escaped.</summary>
internal sealed class ApiQuery
{
    private readonly StringBuilder _text = new();

    /// <summary>One segment of a path. An identifier that is empty or a dot segment would name another resource.</summary>
    public static string Segment(string value, string name)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(value, name);
        if (value is "." or "..")
        {
            throw new ArgumentException($"'{value}' is not an identifier.", name);
        }

        return Uri.EscapeDataString(value);
    }

    public ApiQuery Add(string name, string? value)
    {
        if (value is not null)
        {
            _text.Append(_text.Length == 0 ? "" : "&").Append(name).Append('=').Append(Uri.EscapeDataString(value));
        }

        return this;
    }

    public override string ToString() => _text.ToString();
}
