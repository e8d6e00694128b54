using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;
using Tunnel.Edge.Api.Permissions;
using Tunnel.Edge.Store;
using Tunnel.Edge.Tunnels;

namespace Tunnel.Edge.Api.Http;

/// <summary>
/// Ties paths to handlers, and does for each request what all of them need: host, caller, form of the identifiers,
/// errors into answers.
/// </summary>
internal sealed partial class ApiRouter(
    IEndpointRouteBuilder endpoints, EdgeStore store, ITunnelConnections connections, ApiOptions options)
{
    private readonly ApiHostGuard _hosts = new(options.AllowedHosts);

    /// <summary>
    /// Adds one path. Segments named account, zone, record, apiToken or membership hold 32 hex characters, all others in
    /// braces a UUID, and app perhaps an audience tag of 64 instead.
    /// </summary>
    /// <param name="pattern">The path below the base path.</param>
    /// <param name="permission">What the caller's token must permit: one of <see cref="ApiPermissions"/>.</param>
    /// <param name="methods">What the path does; every other method is 405.</param>
    public void Map(string pattern, ApiPermission permission, params (string Method, ApiHandler Handler)[] methods) =>
        endpoints.Map(pattern, context => RunAsync(context, () =>
        {
            ArgumentNullException.ThrowIfNull(permission);
            var method = context.Request.Method;
            var handler = Array.Find(methods, m => HttpMethods.Equals(m.Method, method)).Handler
                ?? throw ApiErrors.MethodNotAvailable(method);
            var isVerification = pattern.EndsWith("/tokens/verify", StringComparison.Ordinal);
            var caller = ApiAuthentication.Authenticate(context, store, options.TimeProvider.GetUtcNow(),
                isVerification ? ApiErrors.InvalidToken : ApiErrors.Authentication);
            CheckIdentifiers(context);
            caller.Demand(permission, method, Segment(context, "account"), Segment(context, "zone"));
            return handler(new ApiRequest(context, store, connections, options, caller));
        }));

    /// <summary>Answers every path that was not added.</summary>
    public void MapUnknown() => endpoints.Map("{**path}", context =>
        RunAsync(context, () => throw ApiErrors.NoRoute(context.Request.Path)));

    private async Task RunAsync(HttpContext context, Func<Task> handle)
    {
        try
        {
            if (!_hosts.Allows(context.Request.Host))
            {
                throw ApiErrors.WrongHost();
            }

            await handle().ConfigureAwait(false);
        }
        catch (ApiException e)
        {
            await ApiResponse.WriteErrorAsync(context, e).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // Nobody is there to be answered.
        }
        catch (BadHttpRequestException)
        {
            // The server itself knows the status, and closes the connection.
            throw;
        }
        catch (Exception e) when (!context.Response.HasStarted)
        {
            if (context.RequestServices.GetService(typeof(ILoggerFactory)) is ILoggerFactory loggers)
            {
                Failed(loggers.CreateLogger("Tunnel.Edge.Api"), context.Request.Method, context.Request.Path, e);
            }

            await ApiResponse.WriteErrorAsync(context, ApiErrors.Internal()).ConfigureAwait(false);
        }
    }

    private static string? Segment(HttpContext context, string name) => (string?)context.GetRouteValue(name);

    private void CheckIdentifiers(HttpContext context)
    {
        foreach (var (name, value) in context.Request.RouteValues)
        {
            var text = value as string ?? "";
            var isValid = name is "account" or "zone" or "record" or "apiToken" or "membership"
                ? Identifiers.IsHex32(text)
                : name == "nonce" ? text.Length is > 0 and <= 64 && text.All(char.IsAsciiLetterOrDigit)
                : UuidPattern().IsMatch(text) || (name == "app" && Identifiers.IsHex64(text));
            if (!isValid)
            {
                throw ApiErrors.NoRoute(context.Request.Path);
            }
        }

        // The account's tokens open nothing of another account's, whether it exists or not.
        if (context.Request.RouteValues.TryGetValue("account", out var account) && (string?)account != store.Account.Id)
        {
            throw ApiErrors.Authentication();
        }
    }

    [GeneratedRegex("^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$", RegexOptions.CultureInvariant)]
    private static partial Regex UuidPattern();

    [LoggerMessage(Level = LogLevel.Error, Message = "{Method} {Path} failed")]
    private static partial void Failed(ILogger logger, string method, string path, Exception exception);
}
