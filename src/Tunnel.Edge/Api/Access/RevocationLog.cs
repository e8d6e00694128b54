using System.Security.Cryptography;
using Tunnel.Edge.Api.Http;
using Tunnel.Edge.Store;

namespace Tunnel.Edge.Api.Access;

/// <summary>Writes to the request log who ended what.</summary>
internal static class RevocationLog
{
    /// <param name="request">The call of the administrator.</param>
    /// <param name="what">What ended, such as <c>all sessions of the person</c>.</param>
    /// <param name="email">Whose it was; null for everybody's.</param>
    /// <param name="application">Of what; null for every application.</param>
    public static void Append(ApiRequest request, string what, string? email, AccessApplicationRecord? application = null) =>
        request.Store.AccessRequests.Append(new AccessRequestEntry
        {
            CreatedAt = request.Now,
            Action = AccessRequestEntry.Revocation,
            Allowed = false,
            UserEmail = email,
            IpAddress = request.Address.ToString(),
            ApplicationId = application?.Id,
            ApplicationDomain = application?.Domains[0],
            ApplicationName = application?.Name,
            ApplicationType = application?.Type,
            Reason = $"The API token '{request.Caller.Token.Name}' ended {what}.",
            RayId = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8)),
        });
}
