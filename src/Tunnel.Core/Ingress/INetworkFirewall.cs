namespace Tunnel.Core.Ingress;

/// <summary>
/// A host's firewall, as far as an ingress lock needs it. Each change is wholly made or not at all, and touches nothing
/// that is not the lock's own.
/// </summary>
public interface INetworkFirewall
{
    /// <summary>Such as <c>nftables</c>.</summary>
    string Name { get; }

    /// <exception cref="NetworkIngressException">
    /// <see cref="NetworkIngressError.NotPrivileged"/>, or <see cref="NetworkIngressError.FirewallMissing"/>.
    /// </exception>
    Task CheckAsync(CancellationToken cancellationToken);

    Task<HostFacts> LookAsync(CancellationToken cancellationToken);

    /// <summary>Pure: changes nothing.</summary>
    FirewallPlan Plan(NetworkIngressRules rules, HostFacts facts);

    /// <summary>The lock in force; its status is <see cref="IngressStatus.Open"/> when there is none.</summary>
    Task<NetworkIngressState> ReadAsync(CancellationToken cancellationToken);

    /// <summary>Whether a lock with the rules of the plan is in force.</summary>
    Task<bool> IsInForceAsync(FirewallPlan plan, CancellationToken cancellationToken);

    /// <summary>The lock in force as something to go back to.</summary>
    Task<FirewallCapture> CaptureAsync(CancellationToken cancellationToken);

    /// <summary>Makes the lock again that was captured; takes the present one away if there was none.</summary>
    Task ReturnToAsync(FirewallCapture capture, CancellationToken cancellationToken);

    /// <summary>Makes the lock, in the place of one that is in force.</summary>
    Task ApplyAsync(FirewallPlan plan, CancellationToken cancellationToken);

    /// <summary>Takes the end from the lock in force.</summary>
    /// <exception cref="NetworkIngressException"><see cref="NetworkIngressError.NotLocked"/>: it has ended before.</exception>
    Task ConfirmAsync(CancellationToken cancellationToken);

    /// <summary>Makes the lock in force hold after a reboot.</summary>
    Task PersistAsync(CancellationToken cancellationToken);

    /// <summary>Takes the lock away, also from the next boot. No lock is no error.</summary>
    Task RestoreAsync(CancellationToken cancellationToken);
}
