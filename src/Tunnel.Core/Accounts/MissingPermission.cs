namespace Tunnel.Core.Accounts;

/// <summary>A permission that the API token lacks, and the cmdlets that fail without it.</summary>
/// <param name="Permission">As Cloudflare's token page names it: <c>Account &gt; Cloudflare Tunnel &gt; Edit</c>.</param>
/// <param name="Group">The permission group: <c>Cloudflare Tunnel Write</c>.</param>
/// <param name="Cmdlets">What fails without it.</param>
public sealed record MissingPermission(string Permission, string Group, IReadOnlyList<string> Cmdlets)
{
    public override string ToString() => $"{Permission}, for {string.Join(", ", Cmdlets)}";
}
