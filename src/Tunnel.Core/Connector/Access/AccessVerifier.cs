using System.Collections.Concurrent;
using System.Net.Sockets;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Tunnel.Protocol.Configuration;
using Tunnel.Protocol.Tokens;
using Tunnel.Protocol.Trust;

namespace Tunnel.Core.Connector.Access;

/// <summary>
/// Checks on the server itself that a stream carries an Access token for the rule's application, so that a route that
/// somebody else has got hold of reaches nothing. Whatever cannot be checked is refused.
/// </summary>
internal sealed class AccessVerifier : IDisposable
{
    /// <summary>Where an edge puts the token of the person or machine that it let in.</summary>
    public const string AssertionHeader = "Cf-Access-Jwt-Assertion";

    /// <summary>
    /// Other tokens have the same keys and audience: the metadata that anybody may ask for names the application, too.
    /// </summary>
    private const string ApplicationType = "app";

    /// <summary>An edge that sends configurations could otherwise make any number of teams.</summary>
    private const int MaxTeams = 16;

    private readonly AccessTeamOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly HttpClient _http;
    private readonly ConcurrentDictionary<string, TeamKeys> _teams = new(StringComparer.Ordinal);

    public AccessVerifier(ConnectorOptions options)
    {
        _options = options.AccessTeam;
        _time = options.TimeProvider;
        _log = options.LoggerFactory.CreateLogger<AccessVerifier>();
        _http = CreateHttp(_options);
    }

    /// <returns>Null where the stream may go on; else the status and the sentence to refuse it with.</returns>
    public async Task<(int Status, string Message)?> CheckAsync(
        HttpRequest request, AccessRequirement requirement, CancellationToken cancellationToken)
    {
        if (TeamDomain.Of(requirement) is not { } domain || requirement.AudienceTags.Count == 0 || requirement.AudienceTags.Contains(""))
        {
            return Refuse(request, "the rule names no team or no audience, so that no token can be valid");
        }

        if (request.Headers[AssertionHeader] is not [{ Length: > 0 } token])
        {
            return Refuse(request, "the request carries no Access token, or more than one");
        }

        try
        {
            var claims = await ValidateAsync(token, domain, requirement.AudienceTags, cancellationToken).ConfigureAwait(false);
            return claims.Type == ApplicationType ? null : Refuse(request, "the token is not an application's");
        }
        catch (AccessTokenException error)
        {
            return Refuse(request, error.Message);
        }
        catch (TeamKeysException error)
        {
            _log.LogWarning("A stream of {Host} was refused: {Reason}", request.Host.Value, error.Message);
            return (StatusCodes.Status502BadGateway, "The connector cannot check Access tokens now. Try again in a minute.");
        }
    }

    public void Dispose() => _http.Dispose();

    private async Task<AccessTokenClaims> ValidateAsync(
        string token, string domain, IReadOnlyList<string> audiences, CancellationToken cancellationToken)
    {
        var team = Team(domain);
        var keys = await team.GetAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            return await Validator(keys).ValidateAsync(token).ConfigureAwait(false);
        }
        catch (AccessTokenException error) when (error.Refusal == AccessTokenRefusal.UnknownKey)
        {
            // The team may have rotated its keys since.
            if (await team.GetNewerAsync(keys, cancellationToken).ConfigureAwait(false) is not { } newer)
            {
                throw;
            }

            return await Validator(newer).ValidateAsync(token).ConfigureAwait(false);
        }

        AccessTokenValidator Validator(AccessTokenKeys with) => new(new AccessTokenValidatorOptions
        {
            Issuer = "https://" + domain,
            Audiences = audiences,
            Keys = with,
            ClockSkew = _options.ClockSkew,
            TimeProvider = _time,
        });
    }

    private TeamKeys Team(string domain)
    {
        if (_teams.Count >= MaxTeams && !_teams.ContainsKey(domain))
        {
            _teams.Clear();
        }

        return _teams.GetOrAdd(domain, name => new TeamKeys(_http, name, _options, _time, _log));
    }

    private (int Status, string Message) Refuse(HttpRequest request, string reason)
    {
        _log.LogWarning("A stream of {Host} was refused: {Reason}", request.Host.Value, reason);
        return (StatusCodes.Status403Forbidden, "The connector lets nobody in here without a valid Access token.");
    }

    private static HttpClient CreateHttp(AccessTeamOptions options)
    {
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false, // the keys are at the team's own address or nowhere
            UseCookies = false,
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
        };
        if (options.CertificateAuthorities is { } authorities)
        {
            handler.SslOptions.CertificateChainPolicy = PrivateAuthorities.TrustOnly(authorities);
        }

        if (options.ConnectTo is { } address)
        {
            handler.UseProxy = false;
            handler.ConnectCallback = async (_, cancellationToken) =>
            {
                var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
                try
                {
                    await socket.ConnectAsync(address, cancellationToken).ConfigureAwait(false);
                    return new NetworkStream(socket, ownsSocket: true);
                }
                catch
                {
                    socket.Dispose();
                    throw;
                }
            };
        }

        return new HttpClient(handler) { MaxResponseContentBufferSize = AccessTokenKeys.MaxLength };
    }
}
