namespace Tunnel.Core.Api;

/// <summary>A domain of the account.</summary>
public sealed record Zone : IApiResource
{
    public required string Id { get; init; }
    public required string Name { get; init; }

    /// <summary><c>initializing</c>, <c>pending</c> (name servers not set yet), <c>active</c> or <c>moved</c>.</summary>
    public string? Status { get; init; }

    /// <summary><c>full</c> (DNS at Cloudflare), <c>partial</c> or <c>secondary</c>.</summary>
    public string? Type { get; init; }

    public bool? Paused { get; init; }

    /// <summary>The name servers to set at the registrar.</summary>
    public IReadOnlyList<string>? NameServers { get; init; }

    public IReadOnlyList<string>? OriginalNameServers { get; init; }
    public AccountReference? Account { get; init; }
    public DateTimeOffset? CreatedOn { get; init; }
    public DateTimeOffset? ActivatedOn { get; init; }
}
