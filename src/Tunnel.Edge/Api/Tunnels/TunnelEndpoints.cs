using System.Security.Cryptography;
using Tunnel.Edge.Api.Http;
using Tunnel.Edge.Api.Permissions;
using Tunnel.Edge.Store;

namespace Tunnel.Edge.Api.Tunnels;

/// <summary><c>/accounts/{account}/cfd_tunnel</c>: tunnels and their tokens.</summary>
internal static class TunnelEndpoints
{
    private const int MinimumSecretLength = 32;
    private const int MaximumSecretLength = 1024;
    private const int MaximumNameLength = 255;

    public static void Map(ApiRouter router)
    {
        router.Map("/accounts/{account}/cfd_tunnel", ApiPermissions.Tunnels, ("GET", ListAsync), ("POST", CreateAsync));
        router.Map("/accounts/{account}/tunnels", ApiPermissions.Tunnels, ("GET", ListAllTypesAsync));
        router.Map("/accounts/{account}/cfd_tunnel/{tunnel}", ApiPermissions.Tunnels,
            ("GET", GetAsync), ("PATCH", EditAsync), ("DELETE", DeleteAsync));
        router.Map("/accounts/{account}/cfd_tunnel/{tunnel}/token", ApiPermissions.Tunnels.ToWrite,
            ("GET", GetTokenAsync));
    }

    /// <summary>The tunnel that the path names, perhaps a deleted one.</summary>
    public static TunnelRecord Find(ApiRequest request) =>
        request.Store.Tunnels.Get(request.SegmentGuid("tunnel")) ?? throw TunnelErrors.Missing();

    /// <summary>The tunnel that the path names, which must not be deleted.</summary>
    public static TunnelRecord FindPresent(ApiRequest request) =>
        Find(request) is { DeletedAt: null } tunnel ? tunnel : throw TunnelErrors.Missing();

    private static Task ListAsync(ApiRequest request) => ListAsync(request, new ListFilters<TunnelRecord>());

    /// <summary>Tunnels of every type: the edge has one.</summary>
    private static Task ListAllTypesAsync(ApiRequest request)
    {
        var filters = new ListFilters<TunnelRecord>();
        filters.AnyOf(request.Query("tun_types"), static _ => TunnelDocument.Type);
        return ListAsync(request, filters);
    }

    private static Task ListAsync(ApiRequest request, ListFilters<TunnelRecord> filters)
    {
        filters.Exact(request.Query("name"), t => t.Name);
        filters.StartsWith(request.Query("include_prefix") ?? request.Query("name_prefix"), t => t.Name);
        filters.Exact(
            request.Query("status"), t => TunnelDocument.Status(t, request.Connections.ForTunnel(t.Id)));
        if (request.Query("exclude_prefix") is { } excluded)
        {
            filters.Add(t => !t.Name.StartsWith(excluded, StringComparison.OrdinalIgnoreCase));
        }

        if (request.QueryGuid("uuid") is { } id)
        {
            filters.Add(t => t.Id == id);
        }

        if (request.QueryBool("is_deleted") is { } deleted)
        {
            filters.Add(t => t.DeletedAt is not null == deleted);
        }

        if (request.QueryTime("existed_at") is { } existed)
        {
            filters.Add(t => t.CreatedAt <= existed && (t.DeletedAt is not { } end || end > existed));
        }

        if (request.QueryTime("was_active_at") is { } active)
        {
            filters.Add(t => WasActive(t, active));
        }

        if (request.QueryTime("was_inactive_at") is { } inactive)
        {
            filters.Add(t => !WasActive(t, inactive));
        }

        return request.AnswerPageAsync(
            filters.Apply(request.Store.Tunnels.List()),
            tunnel => TunnelDocument.ToJson(tunnel, request.Connections.ForTunnel(tunnel.Id)),
            defaultSize: 20, maximumSize: 1000);
    }

    private static async Task CreateAsync(ApiRequest request)
    {
        var body = new ApiDocument(await request.ReadObjectAsync().ConfigureAwait(false), TunnelErrors.Invalid);
        var tunnel = new TunnelRecord
        {
            Id = Guid.NewGuid(),
            AccountId = request.Store.Account.Id,
            Name = ReadName(body) ?? throw TunnelErrors.Invalid("name is required"),
            Secret = ReadSecret(body) ?? RandomNumberGenerator.GetBytes(MinimumSecretLength),
            ConfigurationSource = body.Text("config_src") switch
            {
                null or "local" => TunnelConfigurationSource.Local,
                "cloudflare" => TunnelConfigurationSource.Cloudflare,
                _ => throw TunnelErrors.Invalid("config_src must be local or cloudflare"),
            },
            CreatedAt = request.Now,
        };
        if (!request.Store.Tunnels.TryAdd(tunnel))
        {
            throw TunnelErrors.NameTaken();
        }

        await request.AnswerAsync(TunnelDocument.ToJsonWithCredentials(tunnel)).ConfigureAwait(false);
    }

    private static Task GetAsync(ApiRequest request)
    {
        var tunnel = Find(request);
        return request.AnswerAsync(TunnelDocument.ToJson(tunnel, request.Connections.ForTunnel(tunnel.Id)));
    }

    private static async Task EditAsync(ApiRequest request)
    {
        var body = new ApiDocument(await request.ReadObjectAsync().ConfigureAwait(false), TunnelErrors.Invalid);
        var tunnel = FindPresent(request);
        if (!request.Store.Tunnels.TryChange(tunnel.Id, ReadName(body), ReadSecret(body)))
        {
            throw TunnelErrors.NameTaken();
        }

        await GetAsync(request).ConfigureAwait(false);
    }

    private static async Task DeleteAsync(ApiRequest request)
    {
        var tunnel = FindPresent(request);
        if (request.QueryBool("cascade") != true && request.Connections.ForTunnel(tunnel.Id).Count > 0)
        {
            throw TunnelErrors.HasConnections();
        }

        // First the row, so that no connector registers between the two.
        if (!request.Store.Tunnels.Delete(tunnel.Id, request.Now))
        {
            throw TunnelErrors.Missing();
        }

        await request.Connections.DisconnectAsync(tunnel.Id, clientId: null, request.Aborted).ConfigureAwait(false);
        await GetAsync(request).ConfigureAwait(false);
    }

    private static Task GetTokenAsync(ApiRequest request) =>
        request.AnswerAsync(TunnelDocument.Token(FindPresent(request)));

    private static string? ReadName(ApiDocument body)
    {
        if (!body.Has("name"))
        {
            return null;
        }

        var name = body.RequiredText("name");
        return name.Length > MaximumNameLength
            ? throw body.Invalid($"name is longer than {MaximumNameLength} characters")
            : name;
    }

    private static byte[]? ReadSecret(ApiDocument body)
    {
        // cloudflared and the official clients leave the property out, or send it empty, to have one made.
        if (body.Text("tunnel_secret") is not { Length: > 0 } text)
        {
            return null;
        }

        var secret = new byte[text.Length];
        return !Convert.TryFromBase64String(text, secret, out var length)
            ? throw body.Invalid("tunnel_secret is not base64")
            : length is < MinimumSecretLength or > MaximumSecretLength
                ? throw body.Invalid($"tunnel_secret must have {MinimumSecretLength} bytes at least")
                : secret[..length];
    }

    private static bool WasActive(TunnelRecord tunnel, DateTimeOffset time) =>
        tunnel.ConnectionsActiveAt <= time && (tunnel.ConnectionsInactiveAt is not { } end || end > time);
}
