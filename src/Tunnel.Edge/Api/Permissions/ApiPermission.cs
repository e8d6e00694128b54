namespace Tunnel.Edge.Api.Permissions;

/// <summary>
/// What a route asks of the caller's token: for GET and HEAD one of the permission groups <paramref name="Reading"/>, for
/// every other method one of <paramref name="Writing"/>, on the zone or account in the path (the user, where it has none).
/// Where no group is for zones, it is needed on the zone's account.
/// </summary>
/// <param name="Reading">The names of permission groups; one is enough.</param>
/// <param name="Writing">The names of permission groups; one is enough.</param>
/// <param name="Denied">The answer to a token that has none of them.</param>
internal sealed record ApiPermission(
    IReadOnlyList<string> Reading, IReadOnlyList<string> Writing, Func<Http.ApiException> Denied)
{
    /// <summary>The resource that the groups have to be on; null: the one that the path names.</summary>
    public ApiScope? Scope { get; init; }

    /// <summary>A second permission that the token needs as well.</summary>
    public ApiPermission? Also { get; init; }

    /// <summary>Every valid token may read; the handler itself shows only what the token may see.</summary>
    public bool ReadingIsOpen { get; init; }

    /// <summary>The same where reading gives out a secret, and so takes what writing takes.</summary>
    public ApiPermission ToWrite => this with { Reading = Writing };

    public IReadOnlyList<string> For(string method) => method is "GET" or "HEAD" ? Reading : Writing;
}
