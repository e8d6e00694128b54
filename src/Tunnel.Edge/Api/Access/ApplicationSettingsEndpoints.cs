using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Tunnel.Edge.Api.Http;
using Tunnel.Edge.Api.Permissions;

namespace Tunnel.Edge.Api.Access;

/// <summary><c>/access/apps/{app}/settings</c>: two of an application's settings, to be changed without the rest.</summary>
internal static class ApplicationSettingsEndpoints
{
    private static readonly string[] Names = ["allow_iframe", "skip_interstitial"];

    public static void Map(ApiRouter router) => router.MapAccess("/apps/{app}/settings", ApiPermissions.AccessApplications,
        ("PUT", request => ChangeAsync(request, keepsOthers: false)),
        ("PATCH", request => ChangeAsync(request, keepsOthers: true)));

    private static async Task ChangeAsync(ApiRequest request, bool keepsOthers)
    {
        var body = new ApiDocument(await request.ReadObjectAsync().ConfigureAwait(false), AccessErrors.Invalid);
        var values = Array.ConvertAll(Names, body.Bool);
        var (_, application) = request.Store.Applications.Change(ApplicationEndpoints.Find(request).Id, present =>
        {
            var document = StoredDocument.Parse(present.Document);
            foreach (var (name, value) in Names.Zip(values))
            {
                if (value is not null || !keepsOthers)
                {
                    document[name] = value ?? false;
                }
            }

            return present with { Document = document.ToJsonString(), UpdatedAt = request.Now };
        });
        var json = ApplicationDocument.ToJson(application ?? throw AccessErrors.UnknownApplication());
        await request.AnswerAsync(
            new JsonObject(Names.Select(name => KeyValuePair.Create<string, JsonNode?>(name, json[name]?.DeepClone() ?? false))),
            StatusCodes.Status202Accepted).ConfigureAwait(false);
    }
}
