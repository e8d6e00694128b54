namespace Tunnel.Edge.Store;

/// <summary>An API token. Only the SHA-256 hash of its value is kept.</summary>
public sealed record ApiTokenRecord
{
    /// <summary>32 hex characters.</summary>
    public required string Id { get; init; }

    /// <summary>As people see it.</summary>
    public required string Name { get; init; }

    /// <summary>The token that the edge makes for itself at its first start: it may do everything.</summary>
    public bool IsAdministrator { get; init; }

    /// <summary>Belongs to the account and not to its user: it cannot be used for what is the user's.</summary>
    public bool IsAccountOwned { get; init; }

    /// <summary><c>active</c> or <c>disabled</c>; that a token is expired follows from <see cref="ExpiresOn"/>.</summary>
    public string Status { get; init; } = "active";

    /// <summary>What the token may do: a JSON array of policies.</summary>
    public string Policies { get; init; } = "[]";

    /// <summary>From where the token may be used: a JSON object.</summary>
    public string Condition { get; init; } = "{}";

    /// <summary>When its present value was made.</summary>
    public required DateTimeOffset IssuedOn { get; init; }

    public required DateTimeOffset ModifiedOn { get; init; }

    /// <summary>Not valid earlier; null for no limit.</summary>
    public DateTimeOffset? NotBefore { get; init; }

    /// <summary>Not valid from here on; null for never.</summary>
    public DateTimeOffset? ExpiresOn { get; init; }

    /// <summary>When the token was used last, since the edge started.</summary>
    public DateTimeOffset? LastUsedOn { get; init; }

    /// <summary><c>active</c>, <c>disabled</c> or <c>expired</c>.</summary>
    public string StatusAt(DateTimeOffset now) => Status == "active" && now >= ExpiresOn ? "expired" : Status;
}
