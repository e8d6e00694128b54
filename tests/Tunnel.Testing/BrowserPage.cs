namespace Tunnel.Testing;

/// <summary>What a browser was answered.</summary>
/// <param name="Next">Where it is sent; null for nowhere.</param>
public sealed record BrowserPage(Uri Address, int Status, string Text, Uri? Next);
