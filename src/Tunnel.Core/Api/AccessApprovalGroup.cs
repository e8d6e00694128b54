using System.Text.Json;
using System.Text.Json.Serialization;

namespace Tunnel.Core.Api;

/// <summary>People of whom some have to approve before a policy lets somebody in.</summary>
public sealed record AccessApprovalGroup
{
    /// <summary>How many of them.</summary>
    public int ApprovalsNeeded { get; init; }

    /// <summary>Their addresses.</summary>
    public IReadOnlyList<string>? EmailAddresses { get; init; }

    /// <summary>A list of the account that holds further ones.</summary>
    public string? EmailListUuid { get; init; }

    /// <summary>What the API told and this client does not know; sent back unchanged by an update.</summary>
    [JsonExtensionData]
    public IDictionary<string, JsonElement>? Other { get; set; }

    /// <summary>Whether another one says the same; case does not count in addresses.</summary>
    public bool IsLike(AccessApprovalGroup other) =>
        other is not null && ApprovalsNeeded == other.ApprovalsNeeded && EmailListUuid == other.EmailListUuid
        && (EmailAddresses ?? []).ToHashSet(StringComparer.OrdinalIgnoreCase).SetEquals(other.EmailAddresses ?? []);

    /// <summary>Such as <c>1 of boss@example.com, deputy@example.com</c>.</summary>
    public override string ToString() =>
        $"{ApprovalsNeeded} of {string.Join(", ", EmailListUuid is null ? EmailAddresses ?? [] : [.. EmailAddresses ?? [], $"list {EmailListUuid}"])}";
}
