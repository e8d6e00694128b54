using System.Text.Json.Nodes;
using Tunnel.Edge.Api.Http;
using Tunnel.Edge.Api.Permissions;
using Tunnel.Edge.Api.Zones;
using Tunnel.Edge.Store;
using Microsoft.AspNetCore.Http;

namespace Tunnel.Edge.Api.Access;

/// <summary>
/// <c>/accounts/{account}/access/certificates</c>, and the same below a zone: the authorities whose client certificates
/// are asked for at hostnames (mutual TLS). Each lists its own.
/// </summary>
internal static class CertificateEndpoints
{
    public static void Map(ApiRouter router)
    {
        Map(router, "/accounts/{account}/access/certificates", _ => null);
        Map(router, "/zones/{zone}/access/certificates", request => ZoneEndpoints.Find(request).Id);
    }

    private static void Map(ApiRouter router, string root, Func<ApiRequest, string?> zone)
    {
        router.Map(root, ApiPermissions.AccessCertificates,
            ("GET", request => ListAsync(request, zone(request))), ("POST", request => CreateAsync(request, zone(request))));
        router.Map(root + "/{certificate}", ApiPermissions.AccessCertificates,
            ("GET", request => GetAsync(request, zone(request))),
            ("PUT", request => UpdateAsync(request, zone(request))),
            ("DELETE", request => DeleteAsync(request, zone(request))));
    }

    private static Task ListAsync(ApiRequest request, string? zone) => request.AnswerPageAsync(
        request.Store.Certificates.List(zone), CertificateDocument.ToJson, defaultSize: 100, maximumSize: 1000);

    private static Task GetAsync(ApiRequest request, string? zone) => request.AnswerAsync(CertificateDocument.ToJson(
        request.Store.Certificates.Get(zone, request.SegmentGuid("certificate")) ?? throw AccessErrors.UnknownCertificate()));

    private static async Task CreateAsync(ApiRequest request, string? zone)
    {
        var body = new ApiDocument(await request.ReadObjectAsync().ConfigureAwait(false), AccessErrors.Invalid);
        var certificate = new AccessCertificateRecord
        {
            Id = Guid.NewGuid(),
            AccountId = request.Store.Account.Id,
            ZoneId = zone,
            Name = body.RequiredText("name"),
            Certificate = CertificateDocument.ReadCertificate(body),
            Hostnames = CertificateDocument.ReadHostnames(body, request.ZonesOf()) ?? [],
            CreatedAt = request.Now,
            UpdatedAt = request.Now,
        };
        await (request.Store.Certificates.Add(certificate)
            ? request.AnswerAsync(CertificateDocument.ToJson(certificate), StatusCodes.Status201Created)
            : throw AccessErrors.CertificateExists()).ConfigureAwait(false);
    }

    private static async Task UpdateAsync(ApiRequest request, string? zone)
    {
        var body = new ApiDocument(await request.ReadObjectAsync().ConfigureAwait(false), AccessErrors.Invalid);
        var hostnames = CertificateDocument.ReadHostnames(body, request.ZonesOf()) ?? throw body.Invalid("associated_hostnames is required");
        var name = body.Has("name") ? body.RequiredText("name") : null;
        var changed = request.Store.Certificates.Change(zone, request.SegmentGuid("certificate"), present => present with
        {
            Name = name ?? present.Name, Hostnames = hostnames, UpdatedAt = request.Now,
        });
        await request.AnswerAsync(CertificateDocument.ToJson(changed ?? throw AccessErrors.UnknownCertificate())).ConfigureAwait(false);
    }

    private static Task DeleteAsync(ApiRequest request, string? zone)
    {
        var id = request.SegmentGuid("certificate");
        return request.Store.Certificates.Remove(zone, id) switch
        {
            null => throw AccessErrors.UnknownCertificate(),
            { Hostnames.Count: > 0 } => throw AccessErrors.CertificateInUse(),
            _ => request.AnswerAsync(new JsonObject { ["id"] = id.ToString("D") }),
        };
    }
}
