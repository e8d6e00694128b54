using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using Tunnel.Core.Accounts;
using Tunnel.Core.Api;
using Tunnel.Core.Applications;

namespace Tunnel.Core.Tunnels;

/// <summary>The tunnels of one account, whoever runs them.</summary>
public sealed class TunnelCatalog(TunnelAccount account)
{
    private const int MaxNameLength = 255;

    private TunnelsApi Api => account.Api.Tunnels;

    /// <summary>The tunnels, deleted ones too where they are asked for.</summary>
    /// <param name="status"><c>inactive</c>, <c>degraded</c>, <c>healthy</c> or <c>down</c>; null: any.</param>
    /// <param name="withDeleted">Whether tunnels are told that do not exist any more.</param>
    /// <param name="cancellationToken">Stops the listing.</param>
    public IAsyncEnumerable<TunnelInfo> ListAsync(
        string? status = null, bool withDeleted = false, CancellationToken cancellationToken = default) =>
        Api.ListAsync(
            account.AccountId,
            new TunnelFilter { Status = status, IsDeleted = withDeleted ? null : false },
            cancellationToken);

    /// <summary>The one living tunnel of that name or id.</summary>
    /// <exception cref="ResourceNotFoundException">There is none.</exception>
    public async Task<TunnelInfo> GetAsync(string identity, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(identity);
        var found = Guid.TryParse(identity, out var id)
            ? await TunnelFinder.ByIdAsync(account, id, cancellationToken).ConfigureAwait(false)
            : await TunnelFinder.ByNameAsync(account, identity, cancellationToken).ConfigureAwait(false);
        return found ?? throw new ResourceNotFoundException(
            $"The account {account.Name} has no tunnel '{identity}'. List them with Get-Tunnel, or create it with New-Tunnel.");
    }

    /// <summary>The tunnel of that name: the one that is there already, or a new one.</summary>
    /// <param name="name">The name.</param>
    /// <param name="isRemotelyManaged">Whether the account keeps its configuration, and not a file beside its connector.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    /// <exception cref="ResourceConflictException">A tunnel of that name is managed the other way.</exception>
    public async Task<TunnelInfo> EnsureAsync(string name, bool isRemotelyManaged, CancellationToken cancellationToken)
    {
        CheckName(name);
        if (await TunnelFinder.ByNameAsync(account, name, cancellationToken).ConfigureAwait(false) is { } present)
        {
            return IsRemotelyManaged(present) == isRemotelyManaged ? present : throw new ResourceConflictException(
                isRemotelyManaged
                    ? $"The tunnel '{name}' has its configuration in a file beside its connector. "
                        + "Give it one that the account keeps with Set-TunnelConfiguration -Force, or pick another name."
                    : $"The tunnel '{name}' has its configuration in the account. Use it with -RemotelyManaged, or pick another name.");
        }

        return await new TunnelCreation(account, name)
            .RunAsync(isRemotelyManaged ? "cloudflare" : "local", cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Gives a tunnel another name; one that it has already is no change.</summary>
    public async Task<TunnelInfo> RenameAsync(TunnelInfo tunnel, string name, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(tunnel);
        CheckName(name);
        return tunnel.Name == name
            ? tunnel
            : await Api.UpdateAsync(account.AccountId, Guid.Parse(tunnel.Id), name, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>The tunnel's token, with which a connector runs it. A secret.</summary>
    public Task<string> GetTokenAsync(TunnelInfo tunnel, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(tunnel);
        return Api.GetTokenAsync(account.AccountId, Guid.Parse(tunnel.Id), cancellationToken);
    }

    /// <summary>The connections of all connectors that run a tunnel now.</summary>
    public async IAsyncEnumerable<TunnelConnection> ListConnectionsAsync(
        TunnelInfo tunnel, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(tunnel);
        await foreach (var client in Api
            .ListConnectionsAsync(account.AccountId, Guid.Parse(tunnel.Id), cancellationToken).ConfigureAwait(false))
        {
            foreach (var connection in TunnelConnection.Of(tunnel, client))
            {
                yield return connection;
            }
        }
    }

    /// <summary>Ends the connections of a tunnel, or of one of its connectors. A connector that runs dials again.</summary>
    public Task DisconnectAsync(TunnelInfo tunnel, Guid? clientId, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(tunnel);
        return Api.CleanUpConnectionsAsync(account.AccountId, Guid.Parse(tunnel.Id), clientId, cancellationToken);
    }

    internal static bool IsRemotelyManaged(TunnelInfo tunnel) => tunnel.ConfigSrc == "cloudflare" || tunnel.RemoteConfig == true;

    internal static byte[] NewSecret() => RandomNumberGenerator.GetBytes(TunnelCreation.SecretLength);

    private static void CheckName(string name)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        if (name.Length > MaxNameLength || name.Any(char.IsControl) || Guid.TryParse(name, out _))
        {
            throw new ArgumentException($"A tunnel's name has 1 to {MaxNameLength} characters and does not look like an id.");
        }
    }
}
