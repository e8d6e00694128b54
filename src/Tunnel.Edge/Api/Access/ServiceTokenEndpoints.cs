using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Tunnel.Edge.Api.Http;
using Tunnel.Edge.Api.Permissions;
using Tunnel.Edge.Store;

namespace Tunnel.Edge.Api.Access;

/// <summary>
/// <c>/access/service_tokens</c> of the account, also below its zones. A secret is shown by the request that makes it and never again.
/// </summary>
internal static class ServiceTokenEndpoints
{
    private const string Forever = "forever";
    private const string DefaultDuration = "8760h";

    public static void Map(ApiRouter router)
    {
        const string Root = "/service_tokens";
        router.MapAccess(Root, ApiPermissions.AccessServiceTokens, ("GET", ListAsync), ("POST", CreateAsync));
        router.MapAccess(Root + "/{token}", ApiPermissions.AccessServiceTokens,
            ("GET", GetAsync), ("PUT", UpdateAsync), ("DELETE", DeleteAsync));
        router.MapAccess(Root + "/{token}/rotate", ApiPermissions.AccessServiceTokens, ("POST", RotateAsync));
        router.MapAccess(Root + "/{token}/refresh", ApiPermissions.AccessServiceTokens, ("POST", RefreshAsync));
    }

    private static Task ListAsync(ApiRequest request)
    {
        var filters = new ListFilters<ServiceTokenRecord>();
        filters.Exact(request.Query("name"), t => t.Name);
        filters.Contains(request.Query("search"), t => t.Name);
        return request.AnswerPageAsync(
            filters.Apply(request.Store.ServiceTokens.List()), ToJson, defaultSize: 100, maximumSize: 1000);
    }

    private static async Task CreateAsync(ApiRequest request)
    {
        var body = new ApiDocument(await request.ReadObjectAsync().ConfigureAwait(false), AccessErrors.Invalid);
        var duration = body.Text("duration") ?? DefaultDuration;
        var secret = Identifiers.NewHex64();
        var token = new ServiceTokenRecord
        {
            Id = Guid.NewGuid(),
            AccountId = request.Store.Account.Id,
            Name = body.RequiredText("name"),
            ClientId = Identifiers.NewHex32() + ".access",
            SecretHash = HashOf(secret),
            Duration = duration,
            ExpiresAt = ExpiryOf(duration, request.Now),
            Enabled = body.Bool("enabled") ?? true,
            CreatedAt = request.Now,
            UpdatedAt = request.Now,
        };
        request.Store.ServiceTokens.Add(token);
        await request.AnswerAsync(ToJson(token, secret), StatusCodes.Status201Created).ConfigureAwait(false);
    }

    private static Task GetAsync(ApiRequest request) => request.AnswerAsync(ToJson(
        request.Store.ServiceTokens.Get(request.SegmentGuid("token")) ?? throw AccessErrors.UnknownServiceToken()));

    private static async Task UpdateAsync(ApiRequest request)
    {
        var body = new ApiDocument(await request.ReadObjectAsync().ConfigureAwait(false), AccessErrors.Invalid);
        var name = body.Has("name") ? body.RequiredText("name") : null;
        var duration = body.Text("duration");
        var expiry = duration is null ? null : ExpiryOf(duration, request.Now);
        var previousUntil = body.Time("previous_client_secret_expires_at");
        var version = body.Int("client_secret_version");
        await ChangeAsync(request, present => version is { } asked && asked != present.SecretVersion
            // An answer to PUT has no place for a new secret: it would be lost.
            ? throw AccessErrors.Invalid("client_secret_version cannot be set: rotate the token instead")
            : present with
            {
                Name = name ?? present.Name,
                Duration = duration ?? present.Duration,
                ExpiresAt = duration is null || duration == present.Duration ? present.ExpiresAt : expiry,
                Enabled = body.Bool("enabled") ?? present.Enabled,
                PreviousSecretExpiresAt = present.PreviousSecretHash is null
                    ? null
                    : previousUntil ?? present.PreviousSecretExpiresAt,
                UpdatedAt = request.Now,
            }).ConfigureAwait(false);
    }

    private static Task DeleteAsync(ApiRequest request)
    {
        var id = request.SegmentGuid("token");
        var token = request.Store.ServiceTokens.Get(id) ?? throw AccessErrors.UnknownServiceToken();
        return request.Store.ServiceTokens.Remove(id) switch
        {
            ServiceTokenRemoval.Removed => request.AnswerAsync(ToJson(token)),
            ServiceTokenRemoval.InUse => throw AccessErrors.ServiceTokenInUse(),
            _ => throw AccessErrors.UnknownServiceToken(),
        };
    }

    private static async Task RotateAsync(ApiRequest request)
    {
        var body = new ApiDocument(await request.ReadOptionalObjectAsync().ConfigureAwait(false), AccessErrors.Invalid);
        var previousUntil = body.Time("previous_client_secret_expires_at");
        var secret = Identifiers.NewHex64();
        await ChangeAsync(
            request,
            present => present with
            {
                SecretHash = HashOf(secret),
                PreviousSecretHash = previousUntil > request.Now ? present.SecretHash : null,
                PreviousSecretExpiresAt = previousUntil > request.Now ? previousUntil : null,
                SecretVersion = present.SecretVersion + 1,
                UpdatedAt = request.Now,
            },
            secret).ConfigureAwait(false);
    }

    private static Task RefreshAsync(ApiRequest request) => ChangeAsync(request, present => present with
    {
        ExpiresAt = ExpiryOf(present.Duration, request.Now), UpdatedAt = request.Now,
    });

    private static Task ChangeAsync(
        ApiRequest request, Func<ServiceTokenRecord, ServiceTokenRecord> change, string? secret = null) =>
        request.AnswerAsync(ToJson(
            request.Store.ServiceTokens.Change(request.SegmentGuid("token"), change)
                ?? throw AccessErrors.UnknownServiceToken(),
            secret));

    private static DateTimeOffset? ExpiryOf(string duration, DateTimeOffset now) =>
        duration == Forever ? null
        : AccessDuration.TryParse(duration, out var length) && length > TimeSpan.Zero ? now + length
        : throw AccessErrors.Invalid("duration is not a duration such as 8760h, or forever");

    private static byte[] HashOf(string secret) => SHA256.HashData(Encoding.UTF8.GetBytes(secret));

    private static JsonObject ToJson(ServiceTokenRecord token) => ToJson(token, secret: null);

    private static JsonObject ToJson(ServiceTokenRecord token, string? secret)
    {
        var json = new JsonObject
        {
            ["id"] = token.Id.ToString("D"),
            ["name"] = token.Name,
            ["client_id"] = token.ClientId,
            ["duration"] = token.Duration,
            ["enabled"] = token.Enabled,
            ["expires_at"] = ApiTime.ToJson(token.ExpiresAt),
            ["client_secret_version"] = token.SecretVersion,
            ["created_at"] = ApiTime.ToJson(token.CreatedAt),
            ["updated_at"] = ApiTime.ToJson(token.UpdatedAt),
        };
        if (token.PreviousSecretExpiresAt is { } until)
        {
            json["previous_client_secret_expires_at"] = ApiTime.ToJson(until);
        }

        if (secret is not null)
        {
            json["client_secret"] = secret;
        }

        return json;
    }
}
