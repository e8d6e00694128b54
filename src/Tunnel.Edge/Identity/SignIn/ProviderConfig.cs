using System.Text.Json;

namespace Tunnel.Edge.Identity.SignIn;

/// <summary><c>config</c> of an identity provider, read as what a sign-in needs of it.</summary>
internal readonly struct ProviderConfig(JsonElement config)
{
    public string? Text(string name) =>
        config.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String && value.GetString() is { Length: > 0 } text
            ? text : null;

    public bool Has(string name) => config.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null;

    public bool IsOn(string name) => config.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.True;

    public IReadOnlyList<string> Texts(string name) =>
        config.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Array
            ? [.. value.EnumerateArray().Where(v => v.ValueKind == JsonValueKind.String).Select(v => v.GetString()!)] : [];

    /// <summary>An address that is asked over TLS, or on this machine, where nobody stands in between.</summary>
    public Uri? Address(string name) => AddressOf(Text(name));

    /// <summary>A provider's own account: an address, or its host alone. Ends with a slash.</summary>
    public Uri? Account(string name) => Text(name)?.TrimEnd('/') is { } text
        ? AddressOf((text.Contains("://", StringComparison.Ordinal) ? text : "https://" + text) + "/") : null;

    /// <summary>A part of an address's path, such as a directory's id; null where it would change more than that part.</summary>
    public string? Segment(string name) =>
        Text(name) is { } text && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '.' or '_') && text.Trim('.').Length > 0 ? text : null;

    private static Uri? AddressOf(string? text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var address)
        && (address.Scheme == Uri.UriSchemeHttps || (address.Scheme == Uri.UriSchemeHttp && address.IsLoopback)) ? address : null;
}
