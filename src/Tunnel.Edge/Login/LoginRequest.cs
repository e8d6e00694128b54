using System.Diagnostics.CodeAnalysis;
using Microsoft.AspNetCore.Http;
using Tunnel.Edge.Api.Http;
using Tunnel.Edge.Transfers;
using Tunnel.Protocol.Transfers;

namespace Tunnel.Edge.Login;

/// <summary>What the link of a login says: where the program waits for its certificate.</summary>
/// <param name="Callback">The link's <c>callback</c>, as it came.</param>
/// <param name="Slot">The place of this edge's own store that it stands for.</param>
internal sealed record LoginRequest(string Callback, TransferSlot Slot)
{
    /// <summary>The parameter of the link.</summary>
    public const string Parameter = "callback";

    private const string SealedPath = "/transfer/";

    /// <summary>
    /// Reads a callback. Only this edge's own store is one, by its own address or as Cloudflare's, which cloudflared
    /// names by default: the edge sends nothing anywhere, and nobody on.
    /// </summary>
    public static bool TryParse(
        string? callback, HttpRequest request, ApiHostGuard hosts, [NotNullWhen(true)] out LoginRequest? login)
    {
        login = null;
        if (callback is not { Length: < 512 } || !Uri.TryCreate(callback, UriKind.Absolute, out var address)
            || address.UserInfo.Length != 0 || address.Query.Length != 0 || address.Fragment.Length != 0
            || !IsOwn(address, request, hosts))
        {
            return false;
        }

        var path = address.AbsolutePath;
        var isSealed = path.StartsWith(SealedPath, StringComparison.Ordinal);
        if (!TransferKey.TryParse(path[(isSealed ? SealedPath.Length : 1)..], out var key))
        {
            return false;
        }

        login = new LoginRequest(callback, new TransferSlot(key, isSealed));
        return true;
    }

    private static bool IsOwn(Uri address, HttpRequest request, ApiHostGuard hosts) =>
        address is { Scheme: "https", Host: TransferStore.CloudflareHost, IsDefaultPort: true }
        || (address.Scheme == request.Scheme && hosts.Allows(new HostString(address.Authority))
            && address.Port == (request.Host.Port ?? (request.IsHttps ? 443 : 80)));
}
