using System.Text.Json.Nodes;
using Tunnel.Edge.Api.Http;
using Tunnel.Edge.Api.Permissions;
using Tunnel.Edge.Store;

namespace Tunnel.Edge.Api.Access;

/// <summary><c>/accounts/{account}/access/organizations</c>: there is always one.</summary>
internal static class OrganizationEndpoints
{
    private static readonly string[] Owned = ["name", "auth_domain", "session_duration", "created_at", "updated_at"];

    public static void Map(ApiRouter router) =>
        router.Map("/accounts/{account}/access/organizations", ApiPermissions.AccessOrganization,
            ("GET", GetAsync), ("PUT", PutAsync));

    private static Task GetAsync(ApiRequest request) => request.AnswerAsync(ToJson(request.Store.Organization.Get()));

    private static async Task PutAsync(ApiRequest request)
    {
        var body = new ApiDocument(await request.ReadObjectAsync().ConfigureAwait(false), AccessErrors.Invalid);
        var name = body.Has("name") ? body.RequiredText("name") : null;
        var domain = body.Has("auth_domain") ? DomainName.Normalize(body.RequiredText("auth_domain")) : null;
        if (domain is not null && (!domain.Contains('.', StringComparison.Ordinal) || !DomainName.IsValid(domain, wildcard: false)))
        {
            throw AccessErrors.Invalid("auth_domain is not a hostname");
        }

        var session = body.Text("session_duration");
        if (session is not null && !AccessDuration.TryParse(session, out _))
        {
            throw AccessErrors.Invalid("session_duration is not a duration such as 24h");
        }

        var changed = request.Store.Organization.Change(present =>
        {
            var document = StoredDocument.Parse(present.Document);
            foreach (var (property, value) in body.Json)
            {
                document[property] = value?.DeepClone();
            }

            return present with
            {
                Name = name ?? present.Name,
                AuthDomain = domain ?? present.AuthDomain,
                SessionDuration = session ?? present.SessionDuration,
                Document = StoredDocument.Keep(document, Owned),
                UpdatedAt = request.Now,
            };
        });
        await request.AnswerAsync(ToJson(changed)).ConfigureAwait(false);
    }

    private static JsonObject ToJson(OrganizationRecord organization) => new JsonObject
    {
        ["name"] = organization.Name,
        ["auth_domain"] = organization.AuthDomain,
        ["session_duration"] = organization.SessionDuration ?? "24h",
        ["created_at"] = ApiTime.ToJson(organization.CreatedAt),
        ["updated_at"] = ApiTime.ToJson(organization.UpdatedAt),
    }.With(organization.Document).WithDefaults(
        ("is_ui_read_only", false), ("auto_redirect_to_identity", false), ("login_design", new JsonObject()));
}
