using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Tunnel.Edge.Identity.SignIn;
using Tunnel.Edge.Store;
using Tunnel.Protocol.Ssh;
using Tunnel.Protocol.Tokens;

namespace Tunnel.Edge.Identity.Certificates;

/// <summary>
/// <c>POST /cdn-cgi/access/cert_sign</c> at the team domain: an application's token and a public key become a short-lived
/// SSH certificate. Only what is in the body counts, no cookie: no page of somebody else's can ask for one.
/// </summary>
internal sealed class CertificateEndpoint(
    AccessGate gate, CertificateSigner signer, AccessRequestLog requests, TimeProvider time, ILogger<CertificateEndpoint> log)
{
    public async Task SignAsync(AccessRequest request)
    {
        ShownToken? shown = null;
        try
        {
            var asked = await CertificateRequest.ReadAsync(request.Http).ConfigureAwait(false) ?? throw new CertificateRefusedException(
                StatusCodes.Status400BadRequest, "The body is a JSON object with the texts public_key, jwt and issuer.");
            shown = await IdentifyAsync(request, asked).ConfigureAwait(false);
            if (shown.Application.Settings.TokenIsBoundToBrowser)
            {
                // The token alone is what an origin or a script sees; the browser's cookie, which it counts with, is not here.
                throw new CertificateRefusedException(
                    StatusCodes.Status403Forbidden, "The application binds its sign-in to the browser (enable_binding_cookie): it gives no certificates.");
            }

            var verdict = await gate.JudgeAsync(
                request.Http, shown.Application, shown.Identity, request.Hostname, request.Address, request.Snapshot).ConfigureAwait(false);
            if (!verdict.IsAllowed)
            {
                throw new CertificateRefusedException(StatusCodes.Status403Forbidden, "Access to this application is not allowed for you.");
            }

            var certificate = signer.Sign(shown, asked.PublicKey);
            Record(request, shown, isAllowed: true, verdict.Policy?.Name, string.Create(CultureInfo.InvariantCulture,
                $"SSH certificate {certificate.Content.Serial} for {certificate.Content.Principals[0]} until " +
                $"{certificate.Content.ValidBefore:HH:mm:ss}Z, key {certificate.Content.Key.Fingerprint}"));
            await WriteAsync(request, StatusCodes.Status200OK, Answer(certificate)).ConfigureAwait(false);
        }
        catch (CertificateRefusedException refusal)
        {
            Record(request, shown, isAllowed: false, null, "No SSH certificate: " + refusal.Message);
            await WriteAsync(request, refusal.Status, new JsonObject { ["status"] = refusal.Status, ["message"] = refusal.Message })
                .ConfigureAwait(false);
        }
    }

    private async Task<ShownToken> IdentifyAsync(AccessRequest request, CertificateRequest asked)
    {
        if (asked.Issuer.Length > 0 && asked.Issuer != ApplicationTokens.Issuer(request.Organization))
        {
            throw new CertificateRefusedException(StatusCodes.Status400BadRequest, "The issuer is another team.");
        }

        try
        {
            return await gate.IdentifyAsync(asked.Token, request.Snapshot).ConfigureAwait(false);
        }
        catch (AccessTokenException error)
        {
            throw new CertificateRefusedException(StatusCodes.Status401Unauthorized, error.Message);
        }
    }

    private static JsonObject Answer(SshCertificate certificate) => new()
    {
        ["id"] = certificate.Content.KeyId,
        ["certificate"] = certificate.ToString(),
        ["expires_at"] = certificate.Content.ValidBefore.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture),
    };

    private void Record(AccessRequest request, ShownToken? shown, bool isAllowed, string? policy, string reason)
    {
        var (application, session) = (shown?.Application, shown?.Identity.Session);
        var isListed = requests.Append(new AccessRequestEntry
        {
            CreatedAt = time.GetUtcNow(),
            IsStranger = shown is null,
            Country = gate.CountryOf(request.Address),
            Action = AccessRequestEntry.SshCertificate,
            Allowed = isAllowed,
            UserEmail = shown?.Identity.Email,
            IpAddress = request.Address.ToString(),
            ApplicationId = application?.Id,
            ApplicationDomain = application?.Domains[0],
            ApplicationName = application?.Name,
            ApplicationType = application?.Type,
            Connection = shown?.Identity.ServiceToken is null ? session?.ProviderType : AccessRequestEntry.NonIdentity,
            IdentityProviderId = Guid.TryParse(session?.ProviderId, out var provider) ? provider : null,
            ServiceToken = shown?.Identity.ServiceToken?.Name,
            Policy = policy,
            Reason = reason,
            RayId = request.RayId,
        });
        if (!isListed)
        {
            return;
        }

        log.LogInformation("{Decision} {Visitor} from {Address} ({Application}): {Reason}",
            isAllowed ? "Certified" : "Refused", shown?.Identity.Subject ?? "nobody", request.Address, application?.Name ?? "-", reason);
    }

    private static Task WriteAsync(AccessRequest request, int status, JsonObject body)
    {
        var bytes = System.Text.Encoding.UTF8.GetBytes(body.ToJsonString());
        var response = request.Http.Response;
        response.StatusCode = status;
        response.ContentType = "application/json";
        response.ContentLength = bytes.Length;
        response.Headers.CacheControl = "no-store";
        return response.Body.WriteAsync(bytes, request.Http.RequestAborted).AsTask();
    }
}
