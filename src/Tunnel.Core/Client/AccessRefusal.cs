namespace Tunnel.Core.Client;

/// <summary>Turns an answer that is no upgrade into an exception that says what to do.</summary>
internal static class AccessRefusal
{
    private const string LoginPath = "/cdn-cgi/access/login";

    public static AccessConnectException From(AccessResponse response, string? reason, AccessClientOptions options)
    {
        var host = options.Address.Host;
        var said = reason is null ? "" : $" It said: {reason}";
        var shown = options switch
        {
            { ServiceTokenId: not null } => "the service token",
            { AppToken: not null } => "the application token",
            _ => null,
        };
        var status = response.StatusCode;
        if (Location(response, options) is { } location && status is >= 300 and < 400)
        {
            return location.AbsolutePath.StartsWith(LoginPath, StringComparison.Ordinal)
                ? new AccessDeniedException(Login(host, shown), status, location)
                : new AccessConnectException(
                    $"{host} redirects to {location.Host} instead of opening a stream. Is the hostname right?", status);
        }

        return status switch
        {
            401 => new AccessDeniedException($"{host} does not know this visitor (401). {Proof(shown)}{said}", status),
            403 => new AccessDeniedException(
                $"{host} refuses this visitor (403): {(shown is null ? "without a token no policy" : $"no policy for {shown}")} " +
                $"lets it in, or one denies it. Ask the application's owner, or show another token.{said}", status),
            404 => new AccessConnectException(
                $"{host} has nothing to connect to (404). Check the name, its DNS route and the tunnel's ingress rules.{said}", status),
            502 => new AccessConnectException(
                $"{host} is routed to a tunnel, but the service behind its connector does not answer (502). " +
                $"Check on that machine that it runs and that the ingress rule names it.{said}", status),
            530 or 503 => new AccessConnectException(
                $"No connector serves {host} now ({status}). Start its tunnel, or look at its log.{said}", status),
            >= 200 and < 300 => new AccessConnectException(
                $"{host} answers as a web site ({status}) instead of opening a stream. " +
                $"Its ingress rule must name an ssh:// or tcp:// service.{said}", status),
            _ => new AccessConnectException($"{host} does not open a stream (status {status}).{said}", status),
        };
    }

    private static string Login(string host, string? shown) => shown is null
        ? $"{host} is protected by Access and no token was shown. Give a service token (TUNNEL_SERVICE_TOKEN_ID and " +
          "TUNNEL_SERVICE_TOKEN_SECRET in the environment, or --service-token-file) or sign in first."
        : $"{host} does not accept {shown}: it is wrong, expired, revoked, or no policy of the application names it.";

    private static string Proof(string? shown) =>
        shown is null ? "Show a service token or sign in first." : $"Check {shown}: it is wrong, expired or revoked.";

    private static Uri? Location(AccessResponse response, AccessClientOptions options) =>
        response["Location"] is { } text && Uri.TryCreate(new Uri(options.Address.ToString()), text, out var uri) ? uri : null;
}
