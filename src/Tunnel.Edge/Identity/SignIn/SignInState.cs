using Tunnel.Access;

namespace Tunnel.Edge.Identity.SignIn;

/// <summary>What a sign-in is for. It travels through the browser, signed: see <see cref="SignInStates"/>.</summary>
/// <param name="Hostname">The application's host that the browser came from, and goes back to.</param>
/// <param name="Port">The port in that host's address; null for 443.</param>
/// <param name="Audience">The application.</param>
/// <param name="Path">The path and query to go on to, at that host.</param>
/// <param name="Binding">The hash of the browser's cookie at that host.</param>
internal sealed record SignInState(string Hostname, int? Port, string Audience, string Path, string Binding)
{
    /// <summary>The client certificate that the browser showed at that host; null where it was not asked for one.</summary>
    public VisitorCertificate? Certificate { get; init; }

    /// <summary>Of somebody who signs in to approve: the policy that asks for it. Null for everybody else.</summary>
    public string? Approval { get; init; }

    /// <summary>The origin of the application's host.</summary>
    public string Origin => AddressOf(Hostname, Port);

    /// <summary>The address of a host, with the port that the visitor came by: the edge may not have 443.</summary>
    public static string AddressOf(string hostname, int? port) =>
        port is null or 443 ? "https://" + hostname : $"https://{hostname}:{port}";
}
