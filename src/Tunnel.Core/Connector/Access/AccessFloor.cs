using Tunnel.Protocol.Configuration;

namespace Tunnel.Core.Connector.Access;

/// <summary>
/// What the connector was told on its own machine to require, whatever rules the edge sends. Else an edge that somebody
/// else has got hold of would open what <c>originRequest.access</c> is there to keep shut.
/// </summary>
/// <param name="local">What the connector was started with.</param>
internal sealed class AccessFloor(TunnelConfiguration local)
{
    private readonly AccessRequirement[] _all =
    [
        .. local.Ingress.Select(rule => rule.OriginRequest.Access).Prepend(local.OriginRequest.Access)
            .Where(requirement => requirement.Required).Distinct(),
    ];

    /// <summary>The requirements of which a stream has to meet one, beside the rule's own; none: the rule's own alone counts.</summary>
    /// <param name="rule">By which it is served.</param>
    /// <remarks>
    /// A rule of the edge's that the machine does not know could lead to any service by any of its addresses. So once
    /// anything here wants a token, everything does, but for what the machine itself leaves open: this host and path, to
    /// this service.
    /// </remarks>
    /// <exception cref="System.Text.RegularExpressions.RegexMatchTimeoutException">A path expression takes too long.</exception>
    public IReadOnlyList<AccessRequirement> Of(string host, string path, IngressRule rule)
    {
        if (_all.Length == 0)
        {
            return [];
        }

        var own = local.Ingress.Match(host, path);
        return own.OriginRequest.Access is { Required: true } required ? [required]
            : own.Service == rule.Service ? []
            : _all;
    }
}
