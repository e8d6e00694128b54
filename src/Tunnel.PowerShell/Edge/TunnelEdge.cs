using System.Net;
using Tunnel.Edge;

namespace Tunnel.PowerShell.Edge;

/// <summary>An embedded edge that this process runs. Shows no secret: the API token goes to Connect-TunnelAccount only.</summary>
public sealed class TunnelEdge
{
    internal TunnelEdge(EmbeddedEdge engine)
    {
        Engine = engine;
        StateDirectory = engine.StateDirectory;
        AccountId = engine.AccountId;
        ApiAddress = engine.ApiAddress;
        TunnelEndPoint = engine.TunnelEndPoint;
        PublicEndPoint = engine.PublicEndPoint;
        LoginAddress = engine.LoginAddress;
        CallbackAddress = engine.CallbackAddress;
        CertificateAuthorityFile = engine.CertificateAuthorityFile;
    }

    /// <summary>Running or Stopped.</summary>
    public TunnelEdgeState State { get; internal set; } = TunnelEdgeState.Running;

    /// <summary>Where connectors dial in.</summary>
    public IPEndPoint TunnelEndPoint { get; }

    /// <summary>Where visitors come, over HTTPS.</summary>
    public IPEndPoint PublicEndPoint { get; }

    public Uri ApiAddress { get; }

    /// <summary>Where a person authorizes a program that logs in: cloudflared's --loginURL.</summary>
    public Uri LoginAddress { get; }

    /// <summary>Where that program fetches its certificate: cloudflared's --callbackURL.</summary>
    public Uri CallbackAddress { get; }

    public string AccountId { get; }

    public string StateDirectory { get; }

    /// <summary>The PEM file that visitors, connectors and API clients have to trust.</summary>
    public string CertificateAuthorityFile { get; }

    internal EmbeddedEdge Engine { get; }

    public override string ToString() => $"edge at {PublicEndPoint}";
}
