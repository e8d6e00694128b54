using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Tunnel.Edge.Api.Access;
using Tunnel.Edge.Api.Accounts;
using Tunnel.Edge.Api.Dns;
using Tunnel.Edge.Api.Http;
using Tunnel.Edge.Api.Tunnels;
using Tunnel.Edge.Api.Users;
using Tunnel.Edge.Api.Zones;
using Tunnel.Edge.Store;
using Tunnel.Edge.Tunnels;

namespace Tunnel.Edge.Api;

/// <summary>Cloudflare's API v4 on an edge's store.</summary>
public static class ApiEndpoints
{
    /// <summary>Adds every resource under <see cref="ApiOptions.BasePath"/>, and the answer to unknown routes there.</summary>
    /// <param name="endpoints">Where to add them.</param>
    /// <param name="store">What they show and change.</param>
    /// <param name="connections">The connectors that are registered now.</param>
    /// <param name="options">Null for the defaults.</param>
    /// <returns>To add conventions to all of them, such as a required host.</returns>
    public static IEndpointConventionBuilder Map(
        IEndpointRouteBuilder endpoints, EdgeStore store, ITunnelConnections connections, ApiOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        ArgumentNullException.ThrowIfNull(store);
        ArgumentNullException.ThrowIfNull(connections);
        options ??= new ApiOptions();
        var group = endpoints.MapGroup(options.BasePath);
        var router = new ApiRouter(group, store, connections, options);
        TokenEndpoints.Map(router);
        UserEndpoints.Map(router);
        AccountEndpoints.Map(router);
        ZoneEndpoints.Map(router);
        DnsRecordEndpoints.Map(router);
        DnsBatchEndpoints.Map(router);
        DnsExportEndpoints.Map(router);
        TunnelEndpoints.Map(router);
        TunnelConnectionEndpoints.Map(router);
        TunnelManagementEndpoints.Map(router);
        TunnelConfigurationEndpoints.Map(router);
        TunnelRouteEndpoints.Map(router);
        OrganizationEndpoints.Map(router);
        SigningKeyEndpoints.Map(router);
        ApplicationEndpoints.Map(router);
        ApplicationSettingsEndpoints.Map(router);
        PolicyEndpoints.Map(router);
        ReusablePolicyEndpoints.Map(router);
        GroupEndpoints.Map(router);
        ListEndpoints.Map(router);
        ServiceTokenEndpoints.Map(router);
        IdentityProviderEndpoints.Map(router);
        CertificateEndpoints.Map(router);
        SshAuthorityEndpoints.Map(router);
        AccessRequestEndpoints.Map(router);
        AccessUserEndpoints.Map(router);
        router.MapUnknown();
        return group;
    }
}
