using Microsoft.AspNetCore.Http;

namespace Tunnel.Edge.Api.Http;

/// <summary>Lets only requests through that name one of the API's own hosts (see <see cref="ApiOptions.AllowedHosts"/>).</summary>
internal sealed class ApiHostGuard
{
    private readonly HashSet<string> _allowed;

    public ApiHostGuard(IReadOnlyList<string> allowed) =>
        _allowed = new HashSet<string>(allowed, StringComparer.OrdinalIgnoreCase);

    public bool Allows(HostString host) =>
        host.HasValue && (_allowed.Contains(host.Value) || _allowed.Contains(host.Host));
}
