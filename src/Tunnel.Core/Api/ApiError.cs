namespace Tunnel.Core.Api;

/// <summary>One entry of an answer's <c>errors</c> list.</summary>
/// <param name="Code">Cloudflare's number; what it means depends on the resource.</param>
/// <param name="Message">Cloudflare's text.</param>
public sealed record ApiError(int Code, string Message)
{
    public override string ToString() => $"{Message} (code {Code})";
}
