using System.Net;
using Tunnel.Core.Client;

namespace Tunnel.Agent.Access;

/// <summary>What <c>access ssh</c> was asked to do.</summary>
/// <param name="Client">Where to and with which proof.</param>
/// <param name="Listener">Serve connections to this address; null for standard input and output.</param>
/// <param name="Folder">Where sign-ins are kept; null for the user's own.</param>
/// <param name="IsDebug">Say more on standard error.</param>
internal sealed record StreamSettings(AccessClientOptions Client, IPEndPoint? Listener, string? Folder, bool IsDebug);
