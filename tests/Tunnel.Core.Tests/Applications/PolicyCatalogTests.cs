using Tunnel.Access;
using Tunnel.Core.Applications;
using Tunnel.Core.Tests.Api;

namespace Tunnel.Core.Tests.Applications;

public sealed class PolicyCatalogTests
{
    [Fact]
    public async Task A_policy_that_another_session_has_just_added_stays()
    {
        // The application is read right before it is written, and holds one more than any list that was read earlier.
        await using var server = await ScriptedApi.StartAsync((context, _) => context.Request.Path.Value!.EndsWith("/policies", StringComparison.Ordinal)
            ? ScriptedApi.OkAsync(context, $"[{Policy("p1", 1)}]")
            : ScriptedApi.OkAsync(context, $$"""{"id":"app","type":"ssh","policies":[{{Policy("p1", 1)}},{{Policy("p2", 2)}}]}"""));
        using var api = server.Client();

        await new PolicyCatalog(api, "a1").RemoveAsync(
            new ApplicationPolicy { ApplicationId = "app", Id = "p1", Name = "p1", Decision = AccessDecision.Allow, IsReusable = true }, default);

        Assert.Equal(
            ["GET /client/v4/accounts/a1/access/apps/app", "PUT /client/v4/accounts/a1/access/apps/app"], server.Requests);
        Assert.Contains("\"policies\":[{\"id\":\"p2\"", server.Bodies.Last(), StringComparison.Ordinal);
    }

    private static string Policy(string id, int precedence) =>
        $$"""{"id":"{{id}}","name":"{{id}}","decision":"allow","reusable":true,"precedence":{{precedence}},"include":[{"everyone":{} }] }""";
}
