namespace Tunnel.Edge.Identity.SignIn;

/// <summary>A provider did not vouch for anybody. The message is for the edge's log and holds no secret.</summary>
internal sealed class OidcException(string message) : Exception(message);
