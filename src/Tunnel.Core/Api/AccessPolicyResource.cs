using System.Text.Json;
using System.Text.Json.Serialization;
using Tunnel.Access;

namespace Tunnel.Core.Api;

/// <summary>
/// A policy of an application, or a reusable one by itself, as the API tells it. Selectors and members that this version does not know survive reading,
/// changing and writing.
/// </summary>
public sealed record AccessPolicyResource : IApiResource
{
    /// <summary>Empty for a policy that is to be created.</summary>
    public string Id { get; init; } = "";

    public required string Name { get; init; }

    [JsonConverter(typeof(AccessDecisionJsonConverter))]
    public required AccessDecision Decision { get; init; }

    /// <summary>Lower is evaluated first; unique within the application. Null: the API picks the next, or it is a reusable one by itself.</summary>
    public int? Precedence { get; init; }

    /// <summary>Whether several applications can hold it.</summary>
    public bool? Reusable { get; init; }

    /// <summary>How many applications hold a reusable policy.</summary>
    public int? AppCount { get; init; }

    public IReadOnlyList<AccessRule> Include { get; init; } = [];
    public IReadOnlyList<AccessRule> Require { get; init; } = [];
    public IReadOnlyList<AccessRule> Exclude { get; init; } = [];
    public string? SessionDuration { get; init; }

    /// <summary>Whether people write down what they come for before they are let in.</summary>
    public bool? PurposeJustificationRequired { get; init; }

    /// <summary>What they are asked.</summary>
    public string? PurposeJustificationPrompt { get; init; }

    /// <summary>Whether somebody has to approve before people are let in.</summary>
    public bool? ApprovalRequired { get; init; }

    /// <summary>Who: of each group as many as it says.</summary>
    public IReadOnlyList<AccessApprovalGroup>? ApprovalGroups { get; init; }

    public DateTimeOffset? CreatedAt { get; init; }
    public DateTimeOffset? UpdatedAt { get; init; }

    /// <summary>What the API told and this client does not know; sent back unchanged by an update.</summary>
    [JsonExtensionData]
    public IDictionary<string, JsonElement>? Other { get; set; }

    /// <summary>
    /// The policy as <see cref="PolicyEvaluator"/> takes it. What it asks for beside its rules (see
    /// <see cref="AccessDemands"/>) becomes a requirement that nobody is known to meet.
    /// </summary>
    /// <param name="application">The application that holds it, which can ask for more.</param>
    public AccessPolicy ToPolicy(AccessApplication? application = null) => new()
    {
        Id = Id,
        Name = Name,
        Decision = Decision,
        Precedence = Precedence ?? int.MaxValue,
        Include = Include,
        Require =
        [
            .. Require,
            .. AccessDemands.Of(
                Decision,
                JsonSerializer.SerializeToElement(this, ApiJson.Default.AccessPolicyResource),
                application is null ? null : JsonSerializer.SerializeToElement(application, ApiJson.Default.AccessApplication)),
        ],
        Exclude = Exclude,
        SessionDuration = SessionDuration,
    };
}
