namespace Tunnel.Edge.Store;

/// <summary>Who keeps a tunnel's ingress rules: <c>config_src</c> of the API.</summary>
public enum TunnelConfigurationSource
{
    /// <summary>A file beside the connector.</summary>
    Local,

    /// <summary>The control plane, which sends it to the connectors.</summary>
    Cloudflare,
}
