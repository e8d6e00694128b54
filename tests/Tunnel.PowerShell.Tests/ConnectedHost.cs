namespace Tunnel.PowerShell.Tests;

/// <summary>A runspace that runs an embedded edge of its own and is connected to it, with the zone example.test.</summary>
internal sealed class ConnectedHost : IDisposable
{
    public ConnectedHost()
    {
        try
        {
            Host.Run(
                """
                param($State, $Tunnels)
                Start-TunnelEdge -StateDirectory $State | Connect-TunnelAccount -TunnelDirectory $Tunnels | Out-Null
                New-TunnelZone example.test | Out-Null
                """,
                Folder.File("edge"),
                Folder.File("tunnels"));
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public ModuleHost Host { get; } = new();

    public TemporaryFolder Folder { get; } = new();

    public void Dispose()
    {
        Host.Dispose();
        Folder.Dispose();
    }
}
