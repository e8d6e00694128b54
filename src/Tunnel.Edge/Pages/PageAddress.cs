namespace Tunnel.Edge.Pages;

/// <summary>
/// Where a link or a form of a page leads: a path of the same host, or an HTTPS address. Encoding cannot make other
/// schemes (<c>javascript:</c>) harmless, so they cannot be written at all.
/// </summary>
internal readonly struct PageAddress
{
    private readonly string? _text;

    private PageAddress(string text) => _text = text;

    /// <summary>A path of this host, with its query; it starts with one slash.</summary>
    /// <exception cref="ArgumentException">It could lead to another host.</exception>
    public static PageAddress Local(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        // Browsers read //host, and a backslash as a slash, as another host.
        return path[0] == '/' && !path.StartsWith("//", StringComparison.Ordinal) && !path.Contains('\\', StringComparison.Ordinal)
            && !path.AsSpan().ContainsAnyInRange('\0', '\x1f')
            ? new PageAddress(path)
            : throw new ArgumentException("Not a path of this host.", nameof(path));
    }

    /// <summary>An address elsewhere.</summary>
    /// <exception cref="ArgumentException">It is not an absolute HTTPS address.</exception>
    public static PageAddress External(Uri address)
    {
        ArgumentNullException.ThrowIfNull(address);
        return address is { IsAbsoluteUri: true, Scheme: "https" }
            ? new PageAddress(address.AbsoluteUri)
            : throw new ArgumentException("Not an HTTPS address.", nameof(address));
    }

    public override string ToString() => _text ?? "/";
}
