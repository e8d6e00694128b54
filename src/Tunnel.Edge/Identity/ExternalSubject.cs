namespace Tunnel.Edge.Identity;

/// <summary>About whom an endpoint is asked: one visitor, as proven, from one address, at one application.</summary>
internal sealed record ExternalSubject(string Audience, string Subject, string Address);
