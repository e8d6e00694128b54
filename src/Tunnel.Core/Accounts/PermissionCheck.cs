using Microsoft.Extensions.Logging;
using Tunnel.Core.Api;

namespace Tunnel.Core.Accounts;

/// <summary>
/// Tells which permissions a token lacks. A token that may read itself is judged by its policies, which is one call and
/// exact. For any other, something is read in each area, all at once: that shows what it may not even read, and leaves open
/// what it may change, since only changing something would tell.
/// </summary>
internal sealed class PermissionCheck(TunnelApiClient api, string accountId, AccountConnectorOptions options)
{
    private static readonly string[] ReadingVerbs = ["Get", "Test", "Wait", "Find"];

    /// <exception cref="OperationCanceledException">Cancelled by the caller.</exception>
    public async Task<IReadOnlyList<MissingPermission>> RunAsync(string? tokenId, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(options.PermissionCheckTimeout);
        try
        {
            var policies = tokenId is null ? null : await ReadPoliciesAsync(tokenId, limit.Token).ConfigureAwait(false);
            return policies is not null ? FromPolicies(policies) : await ProbeAllAsync(limit.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            options.Logger.LogDebug("The permission check took longer than {Limit}, and was given up.", options.PermissionCheckTimeout);
            return [];
        }
    }

    private async Task<TokenGrants?> ReadPoliciesAsync(string tokenId, CancellationToken cancellationToken)
    {
        try
        {
            var token = await api.Tokens.GetAsync(tokenId, cancellationToken).ConfigureAwait(false);
            return TokenGrants.Of(token, accountId);
        }
        catch (TunnelApiException e)
        {
            options.Logger.LogDebug("The token may not read itself: {Reason}", e.Message);
            return null;
        }
    }

    private List<MissingPermission> FromPolicies(TokenGrants grants)
    {
        var missing = new List<MissingPermission>();
        foreach (var permission in AccountPermission.All)
        {
            var writes = !permission.IsReadOnly && grants.Has($"{permission.Area} Write", permission.IsOfZone);
            var reads = writes || grants.Has($"{permission.Area} Read", permission.IsOfZone)
                || (permission.AlsoReadBy is { } other && grants.HasAny(other, permission.IsOfZone));
            if (!reads)
            {
                missing.Add(Missing(permission, reading: true));
            }
            else if (!writes && !permission.IsReadOnly)
            {
                missing.Add(Missing(permission, reading: false));
            }
        }

        return missing;
    }

    private async Task<IReadOnlyList<MissingPermission>> ProbeAllAsync(CancellationToken cancellationToken)
    {
        var zone = await FirstZoneAsync(cancellationToken).ConfigureAwait(false);
        var probes = AccountPermission.All
            .Where(permission => zone is not null || !permission.IsOfZone)
            .Select(async permission => (permission, refused: await IsRefusedAsync(permission, zone, cancellationToken).ConfigureAwait(false)))
            .ToList();
        return [.. (await Task.WhenAll(probes).ConfigureAwait(false))
            .Where(static probe => probe.refused)
            .Select(probe => Missing(probe.permission, reading: true))];
    }

    private async Task<string?> FirstZoneAsync(CancellationToken cancellationToken)
    {
        try
        {
            await foreach (var zone in api.Zones.ListAsync(new ZoneFilter { AccountId = accountId }, cancellationToken).ConfigureAwait(false))
            {
                return zone.Id;
            }
        }
        catch (TunnelApiException)
        {
            // Without a zone nothing is said of zones.
        }

        return null;
    }

    private async Task<bool> IsRefusedAsync(AccountPermission permission, string? zone, CancellationToken cancellationToken)
    {
        var path = permission.Probe
            .Replace("{account}", accountId, StringComparison.Ordinal)
            .Replace("{zone}", zone, StringComparison.Ordinal);
        try
        {
            await api.Tokens.ProbeAsync(path, cancellationToken).ConfigureAwait(false);
            return false;
        }
        catch (TunnelApiException e)
        {
            // Anything else, such as an account that has no Access yet, says nothing about permissions.
            return e.IsAccessDenied;
        }
    }

    private MissingPermission Missing(AccountPermission permission, bool reading)
    {
        var group = $"{permission.Area} {(permission.IsReadOnly ? "Read" : "Write")}";
        return new MissingPermission(
            permission.Title,
            group,
            [.. options.Commands.Where(command => IsAffected(command, permission, reading)).Order(StringComparer.OrdinalIgnoreCase)]);
    }

    private static bool IsAffected(string command, AccountPermission permission, bool reading) =>
        (reading && permission.Readers.Contains(command, StringComparer.OrdinalIgnoreCase)) || IsOfNoun(command, permission, reading);

    private static bool IsOfNoun(string command, AccountPermission permission, bool reading) =>
        // A person connects to an application by who they are, whatever the account's token may do.
        command.Split('-', 2) is [var verb and not "Connect", var noun]
        && permission.Nouns.Contains(noun, StringComparer.OrdinalIgnoreCase)
        && (reading || !ReadingVerbs.Contains(verb, StringComparer.OrdinalIgnoreCase));
}
