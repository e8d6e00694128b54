using System.Net;
using Microsoft.Extensions.Logging;
using Tunnel.Access;
using Tunnel.Edge.Store;

namespace Tunnel.Edge.Identity;

/// <summary>Writes every decision on a request to the request log, and to the edge's own.</summary>
/// <param name="requests">The request log.</param>
/// <param name="policies">Knows the countries of addresses.</param>
internal sealed class DecisionLog(AccessRequestLog requests, PolicyDecider policies, TimeProvider time, ILogger<DecisionLog> log)
{
    /// <summary>Remembers what the policies of an application said.</summary>
    /// <param name="application">The application in charge.</param>
    /// <param name="hostname">What was asked for.</param>
    /// <param name="address">Where the visitor comes from.</param>
    /// <param name="rayId">What the visitor's response calls the request.</param>
    /// <param name="visitor">Who is known to have come; null for nobody.</param>
    /// <param name="verdict">What was said.</param>
    /// <param name="rejection">Why a proof that was shown was worth nothing.</param>
    public void Decided(
        AccessApplicationRecord application, string hostname, IPAddress address, string rayId, VerifiedIdentity? visitor,
        AccessVerdict verdict, string? rejection = null)
    {
        var reason = rejection is null ? verdict.Reason : $"{verdict.Reason} ({rejection})";
        if (visitor?.Machine is { CommonName: { } name })
        {
            reason += $" (certificate {name})";
        }

        var isListed = requests.Append(new AccessRequestEntry
        {
            CreatedAt = time.GetUtcNow(),
            IsStranger = visitor is null,
            Allowed = verdict.IsAllowed,
            UserEmail = visitor?.Email,
            IpAddress = address.ToString(),
            Country = policies.CountryOf(address),
            ApplicationId = application.Id,
            ApplicationDomain = application.Domains.FirstOrDefault(d => d.Split('/')[0] == hostname) ?? hostname,
            ApplicationName = application.Name,
            ApplicationType = application.Type,
            Connection = visitor is { ServiceToken: null, Machine: null }
                ? visitor.Session?.ProviderType : visitor is null ? null : AccessRequestEntry.NonIdentity,
            IdentityProviderId = Guid.TryParse(visitor?.Session?.ProviderId, out var provider) ? provider : null,
            ServiceToken = visitor?.ServiceToken?.Name,
            Policy = verdict.Policy?.Name,
            Reason = reason,
            RayId = rayId,
        });
        if (!isListed)
        {
            return; // no flood of requests becomes a flood of lines
        }

        log.LogInformation("{Decision} {Visitor} from {Address} at {Hostname} ({Application}): {Reason}",
            verdict.IsAllowed ? "Allowed" : "Refused", visitor?.Subject ?? "nobody", address, hostname, application.Name, reason);
    }

    /// <summary>Remembers a decision before any application was found.</summary>
    /// <param name="hostname">What was asked for; null where it is no name.</param>
    public void Unmatched(string? hostname, IPAddress address, string rayId, bool isAllowed, string reason)
    {
        var isListed = requests.Append(new AccessRequestEntry
        {
            CreatedAt = time.GetUtcNow(),
            IsStranger = true,
            Allowed = isAllowed,
            IpAddress = address.ToString(),
            Country = policies.CountryOf(address),
            ApplicationDomain = hostname,
            Reason = reason,
            RayId = rayId,
        });
        if (!isListed)
        {
            return;
        }

        log.LogInformation("{Decision} nobody from {Address} at {Hostname}: {Reason}",
            isAllowed ? "Allowed" : "Refused", address, hostname ?? "no hostname", reason);
    }

    /// <summary>Remembers that an open stream was cut off.</summary>
    public void Ended(AccessOutcome outcome, string hostname, IPAddress address, string rayId)
    {
        var granted = outcome as AccessOutcome.Granted;
        var session = granted?.Identity?.Session;
        requests.Append(new AccessRequestEntry
        {
            CreatedAt = time.GetUtcNow(),
            Action = AccessRequestEntry.StreamEnd,
            Allowed = false,
            UserEmail = session?.Email,
            IpAddress = address.ToString(),
            Country = policies.CountryOf(address),
            ApplicationId = granted?.Application.Id,
            ApplicationDomain = hostname,
            ApplicationName = granted?.Application.Name,
            ApplicationType = granted?.Application.Type,
            IsStranger = granted?.Identity is null,
            Connection = granted?.Identity is null or { ServiceToken: null, Machine: null } ? session?.ProviderType : AccessRequestEntry.NonIdentity,
            ServiceToken = granted?.Identity?.ServiceToken?.Name,
            Reason = "The session, the token or the policy that the stream was opened under holds no more.",
            RayId = rayId,
        });
    }
}
