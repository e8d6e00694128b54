namespace Tunnel.PowerShell.Completion;

/// <summary>Completes the hostnames that lead to tunnels.</summary>
public sealed class RouteHostnameCompleter : AccountCompleter
{
    protected override (string Command, string Property) Source => ("Get-TunnelRoute", "Hostname");
}
