using System.Management.Automation;
using Tunnel.Core.Api;
using Tunnel.Core.Tunnels;

namespace Tunnel.PowerShell.Tunnels;

/// <summary>Takes the id of whatever names a tunnel: a tunnel, one that a session runs, a route, a connection.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class TunnelTransformationAttribute : ArgumentTransformationAttribute
{
    public override object Transform(EngineIntrinsics engineIntrinsics, object inputData) =>
        (inputData is PSObject wrapped ? wrapped.BaseObject : inputData) switch
        {
            TunnelInfo tunnel => tunnel.Id,
            Core.Tunnels.SshTunnel tunnel => tunnel.Id.ToString("D"),
            TunnelRoute route => route.TunnelId.ToString("D"),
            TunnelConnection connection => connection.TunnelId.ToString("D"),
            ManagedConfiguration configuration => configuration.TunnelId.ToString("D"),
            Guid id => id.ToString("D"),
            _ => inputData,
        };
}
