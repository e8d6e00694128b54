using System.Text.Json.Nodes;
using Tunnel.Edge.Api.Http;
using Tunnel.Edge.Api.Permissions;
using Tunnel.Edge.Store;

namespace Tunnel.Edge.Api.Access;

/// <summary><c>/access/keys</c>: how often the key that signs application tokens is replaced.</summary>
internal static class SigningKeyEndpoints
{
    private const string Root = "/accounts/{account}/access/keys";
    private const string Interval = "key_rotation_interval_days";

    public static void Map(ApiRouter router)
    {
        router.Map(Root, ApiPermissions.AccessOrganization, ("GET", GetAsync), ("PUT", ChangeAsync));
        router.Map(Root + "/rotate", ApiPermissions.AccessOrganization, ("POST", RotateAsync));
    }

    private static Task GetAsync(ApiRequest request) => AnswerAsync(request, request.Store.SigningKeys.Rotation());

    private static async Task ChangeAsync(ApiRequest request)
    {
        var body = new ApiDocument(await request.ReadObjectAsync().ConfigureAwait(false), AccessErrors.Invalid);
        var days = body.Int(Interval) ?? throw body.Invalid($"{Interval} is required");
        await AnswerAsync(request, days is >= SigningKeyRotation.MinDays and <= SigningKeyRotation.MaxDays
            ? request.Store.SigningKeys.SetInterval(days)
            : throw body.Invalid($"{Interval} must be from {SigningKeyRotation.MinDays} to {SigningKeyRotation.MaxDays}")).ConfigureAwait(false);
    }

    private static Task RotateAsync(ApiRequest request) => AnswerAsync(request, request.Store.SigningKeys.Rotate());

    private static Task AnswerAsync(ApiRequest request, SigningKeyRotation rotation) => request.AnswerAsync(new JsonObject
    {
        ["days_until_next_rotation"] = Math.Max(0, (int)Math.Ceiling((rotation.NextAt - request.Now).TotalDays)),
        [Interval] = rotation.IntervalDays,
        ["last_key_rotation_at"] = ApiTime.ToJson(rotation.LastAt),
    });
}
