using Tunnel.Core.Client;

namespace Tunnel.Core.Ingress;

/// <summary>
/// Closes every way in but the tunnel, as one transaction: prove the tunnel, lock, prove it again, or undo. An unconfirmed
/// lock opens by itself.
/// </summary>
/// <example><code>
/// var ingress = new NetworkIngress(new NftablesFirewall(new()));
/// var plan = await ingress.PlanAsync(new NetworkIngressRules(), cancellationToken);
/// var state = await ingress.DisableAsync(plan, [new TunnelProof(client)], cancellationToken: cancellationToken);
/// await ingress.ConfirmAsync(persist: true, cancellationToken);
/// </code></example>
public sealed class NetworkIngress(INetworkFirewall firewall)
{
    /// <summary>What would be done. Changes nothing.</summary>
    public async Task<FirewallPlan> PlanAsync(NetworkIngressRules rules, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(rules);
        rules.Validate();
        await firewall.CheckAsync(cancellationToken).ConfigureAwait(false);
        return firewall.Plan(rules, await firewall.LookAsync(cancellationToken).ConfigureAwait(false));
    }

    /// <summary>Whether the firewall is there, and may be changed. Changes nothing.</summary>
    /// <exception cref="NetworkIngressException">It is not, or may not.</exception>
    public Task CheckAsync(CancellationToken cancellationToken = default) => firewall.CheckAsync(cancellationToken);

    /// <summary>Locks.</summary>
    /// <param name="plan">From <see cref="PlanAsync"/>.</param>
    /// <param name="proofs">At least one hostname that must carry an SSH banner, before and after.</param>
    /// <param name="replace">Take the place of a confirmed lock with other rules, which this one does not come back to.</param>
    /// <param name="progress">What is being done.</param>
    /// <param name="cancellationToken">Undoes what was done.</param>
    /// <exception cref="NetworkIngressException">
    /// <see cref="NetworkIngressError.TunnelNotProven"/>: nothing was changed. <see cref="NetworkIngressError.Undone"/>: all is
    /// as it was before.
    /// </exception>
    public async Task<NetworkIngressState> DisableAsync(
        FirewallPlan plan,
        IReadOnlyList<TunnelProof> proofs,
        bool replace = false,
        IProgress<string>? progress = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(proofs);
        // A lock that was confirmed never opens by itself; one in its place would.
        var present = await firewall.ReadAsync(cancellationToken).ConfigureAwait(false);
        if (present.Status == IngressStatus.Closed && !replace)
        {
            return await firewall.IsInForceAsync(plan, cancellationToken).ConfigureAwait(false)
                ? present
                : throw new NetworkIngressException(
                    NetworkIngressError.AlreadyClosed,
                    "Network ingress is closed by a confirmed lock with other rules, and nothing was changed. Open it first with Enable-NetworkIngress, or use -Force: "
                    + "the new lock then takes its place, and opens every port again unless it is confirmed in time.");
        }

        if (proofs.Count == 0)
        {
            throw new NetworkIngressException(
                NetworkIngressError.TunnelNotProven,
                "There is no tunnel to prove: nothing was changed. Start one in this session, or name its hostname.");
        }

        if (await ProveAsync(proofs, progress, cancellationToken).ConfigureAwait(false) is { } refusal)
        {
            throw new NetworkIngressException(
                NetworkIngressError.TunnelNotProven, $"The tunnel does not work, and nothing was changed. {refusal.Message}{Advice(refusal)}", refusal);
        }

        var before = await firewall.CaptureAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            progress?.Report("Closing the door");
            await firewall.ApplyAsync(plan, cancellationToken).ConfigureAwait(false);
            if (await ProveAsync(proofs, progress, cancellationToken).ConfigureAwait(false) is { } failure)
            {
                throw new NetworkIngressException(
                    NetworkIngressError.Undone, $"The tunnel did not work behind the closed door. {failure.Message}", failure);
            }

            // Who stops now has not been told of a lock, and so there is to be none.
            var state = await firewall.ReadAsync(cancellationToken).ConfigureAwait(false);
            return state with
            {
                Openings = plan.Openings,
                Closed = plan.Closed,
                Notes = plan.Notes,
                ProvenBy = [.. proofs.Select(p => p.Hostname)],
            };
        }
        catch (Exception e)
        {
            // Not with the caller's token: it may be the reason.
            await firewall.ReturnToAsync(before, CancellationToken.None).ConfigureAwait(false);
            throw e is NetworkIngressException or OperationCanceledException ? Undone(e) : e;
        }
    }

    /// <summary>Takes the end from the lock.</summary>
    /// <param name="persist">Keep it over a reboot, also if it was not made with that in mind.</param>
    /// <param name="cancellationToken">Stops before the next step.</param>
    public async Task<NetworkIngressState> ConfirmAsync(bool persist, CancellationToken cancellationToken = default)
    {
        await firewall.CheckAsync(cancellationToken).ConfigureAwait(false);
        var state = await firewall.ReadAsync(cancellationToken).ConfigureAwait(false);
        if (state.Status != IngressStatus.Closed)
        {
            await firewall.ConfirmAsync(cancellationToken).ConfigureAwait(false);
        }

        // Else the next boot would bring back the rules of an earlier lock.
        if (persist || state.PersistsOnConfirm || state.IsClosedByBoot)
        {
            await firewall.PersistAsync(cancellationToken).ConfigureAwait(false);
        }

        return await GetAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Opens: the firewall is as it was before the lock.</summary>
    public async Task<NetworkIngressState> EnableAsync(CancellationToken cancellationToken = default)
    {
        await firewall.CheckAsync(cancellationToken).ConfigureAwait(false);
        await firewall.RestoreAsync(cancellationToken).ConfigureAwait(false);
        return await GetAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>The lock in force, with what it has turned away.</summary>
    public async Task<NetworkIngressState> GetAsync(CancellationToken cancellationToken = default)
    {
        await firewall.CheckAsync(cancellationToken).ConfigureAwait(false);
        return await firewall.ReadAsync(cancellationToken).ConfigureAwait(false);
    }

    private static async Task<Exception?> ProveAsync(
        IReadOnlyList<TunnelProof> proofs, IProgress<string>? progress, CancellationToken cancellationToken)
    {
        foreach (var proof in proofs)
        {
            progress?.Report($"Reading an SSH banner at {proof.Hostname}");
            try
            {
                await proof.ReadBannerAsync(cancellationToken).ConfigureAwait(false);
            }
            catch (Exception e) when (e is AccessDeniedException or AccessConnectException or IOException)
            {
                return e;
            }
        }

        return null;
    }

    private static string Advice(Exception refusal) => refusal is AccessDeniedException
        ? " To come as a service that the policy lets in, use -ServiceToken."
        : "";

    private static Exception Undone(Exception reason) => reason is NetworkIngressException e
        ? new NetworkIngressException(NetworkIngressError.Undone, $"{e.Message} All is as it was before.", e)
        : reason;
}
