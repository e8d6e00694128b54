namespace Tunnel.Edge.Store;

/// <summary>Which entries of the request log, and in which order.</summary>
public sealed record AccessRequestQuery
{
    /// <summary>Only entries of this time or later.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>Only entries of this time or earlier.</summary>
    public DateTimeOffset? Until { get; init; }

    /// <summary>All of these must hold.</summary>
    public IReadOnlyList<AccessRequestFilter> Filters { get; init; } = [];

    /// <summary>The oldest first; else the newest.</summary>
    public bool IsAscending { get; init; }

    /// <summary>How many entries to leave out from the beginning.</summary>
    public int Skip { get; init; }

    /// <summary>How many entries to give at most.</summary>
    public int Limit { get; init; } = 25;
}
