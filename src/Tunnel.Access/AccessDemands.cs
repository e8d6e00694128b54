using System.Text.Json;

namespace Tunnel.Access;

/// <summary>
/// What a policy or an application can ask of a visitor beside its rules: a written purpose and somebody's approval, which a
/// sign-in asks for (see <see cref="WithPurpose"/> and <see cref="WithApproval"/>), and what only Cloudflare can do: an
/// isolated browser, a second factor of Access itself. Each becomes a requirement that nobody meets, so that a policy which
/// asks for more than is checked here lets nobody in.
/// </summary>
public static class AccessDemands
{
    private const string MultiFactor = "mfa_config";
    private const string PurposeJustification = "purpose_justification_required";
    private const string ApprovalRequired = "approval_required";

    private static readonly string[] s_switches = [PurposeJustification, ApprovalRequired, "isolation_required"];

    /// <summary>What has to be required of a visitor beside a policy's own rules.</summary>
    /// <param name="decision">What the policy does with whom it matches.</param>
    /// <param name="policy">The policy's JSON object.</param>
    /// <param name="application">That of the application that holds it, if one does; what it asks for counts as well.</param>
    public static IEnumerable<AccessRule> Of(AccessDecision decision, JsonElement policy, JsonElement? application)
    {
        // A deny policy asks for nothing: whom it matches stays out anyway. A second factor is asked of people who sign in.
        if (decision == AccessDecision.Deny)
        {
            return [];
        }

        var own = Of(policy);
        return decision == AccessDecision.Allow && application is { } holder
            && AsksForSecondFactor(holder) && !WaivesSecondFactor(policy)
            ? own.Append(SecondFactor(holder))
            : own;
    }

    /// <summary>The demands of a policy, as rules to be required.</summary>
    /// <param name="policy">The policy's JSON object.</param>
    private static IEnumerable<AccessRule> Of(JsonElement policy) =>
        s_switches.Where(name => policy.TryGetProperty(name, out var value) && IsOn(value)).Append(MultiFactor)
            .Where(name => name != MultiFactor || AsksForSecondFactor(policy))
            .Select(name => new UnknownRule(name, policy.GetProperty(name).GetRawText()));

    /// <summary>Whether the policy lets people in who have written down what for.</summary>
    public static bool AsksForPurpose(AccessPolicy policy) => AsksFor(policy, PurposeJustification);

    /// <summary>Whether the policy lets people in whom those that it names have approved.</summary>
    public static bool AsksForApproval(AccessPolicy policy) => AsksFor(policy, ApprovalRequired);

    /// <summary>The policy for somebody who has written down what for: what else it asks for stays asked for.</summary>
    public static AccessPolicy WithPurpose(AccessPolicy policy) => Without(policy, PurposeJustification);

    /// <summary>The policy for somebody who is approved: what else it asks for stays asked for.</summary>
    public static AccessPolicy WithApproval(AccessPolicy policy) => Without(policy, ApprovalRequired);

    private static bool AsksFor(AccessPolicy policy, string demand)
    {
        ArgumentNullException.ThrowIfNull(policy);
        return policy.Decision == AccessDecision.Allow && policy.Require.Any(rule => Is(rule, demand));
    }

    private static AccessPolicy Without(AccessPolicy policy, string demand)
    {
        if (!AsksFor(policy, demand))
        {
            return policy;
        }

        // The demands stand behind the policy's own rules, one of which may look like this one.
        var last = policy.Require.Select((rule, place) => Is(rule, demand) ? place : -1).Max();
        return policy with { Require = [.. policy.Require.Where((_, place) => place != last)] };
    }

    private static bool Is(AccessRule rule, string demand) => rule is UnknownRule { Json: "true" } unknown && unknown.Name == demand;

    /// <summary>Whether a policy's or an application's <c>mfa_config</c> asks for a second factor.</summary>
    public static bool AsksForSecondFactor(JsonElement document) =>
        document.TryGetProperty(MultiFactor, out var settings)
        && settings.ValueKind != JsonValueKind.Null
        && (settings.ValueKind != JsonValueKind.Object
            || (!IsExempt(settings) && settings.EnumerateObject().Any(s => s.Value.ValueKind != JsonValueKind.Null)));

    /// <summary>Whether a policy says that the application's second factor is not for it.</summary>
    private static bool WaivesSecondFactor(JsonElement policy) =>
        policy.TryGetProperty(MultiFactor, out var settings) && settings.ValueKind == JsonValueKind.Object && IsExempt(settings);

    /// <summary>An application's second factor as a rule to be required.</summary>
    private static UnknownRule SecondFactor(JsonElement application) =>
        new UnknownRule(MultiFactor, application.GetProperty(MultiFactor).GetRawText());

    private static bool IsExempt(JsonElement settings) =>
        settings.TryGetProperty("mfa_disabled", out var disabled) && disabled.ValueKind == JsonValueKind.True;

    private static bool IsOn(JsonElement value) => value.ValueKind is not (JsonValueKind.False or JsonValueKind.Null);
}
