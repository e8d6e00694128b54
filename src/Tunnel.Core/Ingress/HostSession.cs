using System.Net;

namespace Tunnel.Core.Ingress;

/// <summary>An open TCP connection of this host, in either direction.</summary>
public sealed record HostSession(IPEndPoint Local, IPEndPoint Remote)
{
    public override string ToString() => $"{Remote} to port {Local.Port}";
}
