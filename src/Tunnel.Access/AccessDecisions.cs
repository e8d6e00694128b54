using System.Diagnostics.CodeAnalysis;

namespace Tunnel.Access;

/// <summary>The names that API v4 gives to decisions: <c>allow</c>, <c>deny</c>, <c>bypass</c>, <c>non_identity</c>.</summary>
public static class AccessDecisions
{
    /// <summary>The API's name of a decision.</summary>
    public static string ToApiString(this AccessDecision decision) => decision switch
    {
        AccessDecision.Allow => "allow",
        AccessDecision.Deny => "deny",
        AccessDecision.Bypass => "bypass",
        AccessDecision.NonIdentity => "non_identity",
        _ => throw new ArgumentOutOfRangeException(nameof(decision)),
    };

    /// <summary>Reads the API's name; case counts, as it does there.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out AccessDecision decision)
    {
        (var known, decision) = text switch
        {
            "allow" => (true, AccessDecision.Allow),
            "deny" => (true, AccessDecision.Deny),
            "bypass" => (true, AccessDecision.Bypass),
            "non_identity" => (true, AccessDecision.NonIdentity),
            _ => (false, AccessDecision.Deny),
        };
        return known;
    }
}
