using System.Text.Json;
using Tunnel.Access;
using Tunnel.Edge.Api.Http;

namespace Tunnel.Edge.Api.Access;

/// <summary>The lists of rules that policies and groups have.</summary>
internal static class RuleLists
{
    /// <summary>
    /// Refuses an empty <c>include</c>, lists that do not hold rules, and rules with values that their selectors cannot
    /// have.
    /// </summary>
    public static void Check(ApiDocument body)
    {
        if (body.Array("include") is not { Count: > 0 })
        {
            throw body.Invalid("include must hold at least one rule");
        }

        Check(body, "include");
        Check(body, "require");
        Check(body, "exclude");
    }

    private static void Check(ApiDocument body, string name)
    {
        if (body.Array(name) is not { } rules)
        {
            return;
        }

        try
        {
            using var document = JsonDocument.Parse(rules.ToJsonString());
            AccessRuleJson.ListFromElement(document.RootElement);
        }
        catch (AccessRuleFormatException e)
        {
            throw body.Invalid($"{name}: {e.Message}");
        }
    }
}
