using System.Globalization;

namespace Tunnel.Core.Ingress.MacOS;

/// <summary>
/// The lock on macOS: an anchor of our own in pf, before Apple's. An unconfirmed lock is ended by a job of launchd, and by a
/// reboot. Not yet run on the real system.
/// </summary>
public sealed class PacketFilter : INetworkFirewall
{
    private readonly PacketFilterOptions _options;
    private readonly PacketFilterScripts _scripts;

    public PacketFilter(PacketFilterOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        _options = options;
        _scripts = new PacketFilterScripts(options);
    }

    public string Name => "pf";

    public Task CheckAsync(CancellationToken cancellationToken) => _options.Commands.IsPrivileged
        ? Task.CompletedTask
        : throw new NetworkIngressException(
            NetworkIngressError.NotPrivileged, FirewallCommands.HowToBeRoot);

    public async Task<HostFacts> LookAsync(CancellationToken cancellationToken)
    {
        var rules = await _options.Commands.RunAsync(
            new FirewallCommand(_options.PfctlProgram, ["-q", "-s", "rules"]), cancellationToken).ConfigureAwait(false);
        return SystemSockets.Look(_options.SshConnection) with { EarlierRules = EarlierRules(rules), FirstEphemeralPort = 49152 };
    }

    public FirewallPlan Plan(NetworkIngressRules rules, HostFacts facts)
    {
        ArgumentNullException.ThrowIfNull(rules);
        ArgumentNullException.ThrowIfNull(facts);
        rules.Validate();
        rules.ValidateUnixInterfaces();
        var id = _options.NewLockId();
        var openings = IngressOpenings.Of(rules, facts);
        var permanent = PacketFilterRules.Permanent(rules, facts, id);
        var record = IngressRecord.Of(id, Nameless(permanent), rules, openings);
        return new FirewallPlan
        {
            Apply =
            [
                Shell(_scripts.Stage, permanent),
                Shell(_scripts.Apply(record, rules.RollbackAfter, HostSession.EndedBy(rules.CloseEstablished, facts), facts.Caller), PacketFilterRules.Present(rules, facts, id)),
            ],
            Permanent = permanent,
            Caller = facts.Caller,
            ClosesEstablished = rules.CloseEstablished,
            Sessions = facts.Sessions,
            Openings = openings,
            Closed = IngressOpenings.ClosedBy(openings, facts),
            Notes =
            [
                .. IngressNotes.Of(rules, facts),
                .. rules.CloseEstablished && facts.Caller is { } caller
                    ? new[] { $"Where pf was on before, other sessions from your own address, {caller.Remote.Address}, go on." } : [],
                "The lock of macOS has not been run on the real system yet.",
                "At boot launchd starts all jobs at once: with -Persist a port may still be open for a moment.",
            ],
        };
    }

    public async Task<NetworkIngressState> ReadAsync(CancellationToken cancellationToken)
    {
        var status = await StatusAsync(cancellationToken).ConfigureAwait(false);
        if (!status.IsInForce)
        {
            return new NetworkIngressState { Status = IngressStatus.Open, Firewall = Name, IsClosedByBoot = status.BootRecord is not null };
        }

        var record = RecordOf(status);
        IReadOnlyList<IngressOpening> openings = [.. record?.Openings ?? [], .. IngressOpenings.Always(record?.LimitsOutbound ?? false)];
        return new NetworkIngressState
        {
            Status = status.OpensAt is null ? IngressStatus.Closed : IngressStatus.Unconfirmed,
            Firewall = Name,
            OpensAt = status.OpensAt,
            PersistsOnConfirm = record?.Persist ?? false,
            IsPersistent = status.BootRecord is { } boot && record is not null && IngressRecord.Parse(boot).LockId == record.LockId,
            IsClosedByBoot = status.BootRecord is not null,
            Openings = openings,
            Closed = IngressOpenings.ClosedBy(openings, SystemSockets.Look(_options.SshConnection)),
            Dropped = status.Dropped,
            DroppedPackets = status.DroppedPackets,
        };
    }

    public async Task<bool> IsInForceAsync(FirewallPlan plan, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(plan);
        var status = await StatusAsync(cancellationToken).ConfigureAwait(false);
        return status.IsInForce && RecordOf(status)?.Fingerprint == IngressRecord.FingerprintOf(Nameless(plan.Permanent));
    }

    public async Task<FirewallCapture> CaptureAsync(CancellationToken cancellationToken)
    {
        var status = await StatusAsync(cancellationToken).ConfigureAwait(false);
        if (!status.IsInForce)
        {
            return new FirewallCapture("", null);
        }

        // What was written down is what was loaded, with the sessions of its time: pf prints it in other words.
        var rules = await _options.Commands.RunAsync(
            new FirewallCommand("/bin/cat", [$"{_options.RuntimeDirectory}/rules"]), cancellationToken).ConfigureAwait(false);
        var end = status.OpensAt?.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture) ?? "";
        return new FirewallCapture(rules, $"{end}\n{RecordOf(status)?.ToJson()}");
    }

    public async Task ReturnToAsync(FirewallCapture capture, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(capture);
        if (capture.Staged?.Split('\n', 2) is not [var end, { Length: > 0 } json])
        {
            await RestoreAsync(Shell(_scripts.Undone), cancellationToken).ConfigureAwait(false);
            return;
        }

        long? opensAt = end.Length == 0 ? null : long.Parse(end, CultureInfo.InvariantCulture);
        await _options.Commands.RunAsync(
            Shell(_scripts.Return(IngressRecord.Parse(json), opensAt), capture.Ruleset), cancellationToken).ConfigureAwait(false);
    }

    public async Task ApplyAsync(FirewallPlan plan, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(plan);
        foreach (var command in plan.Apply)
        {
            await _options.Commands.RunAsync(command, cancellationToken).ConfigureAwait(false);
        }
    }

    public async Task ConfirmAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var (exitCode, _, _) = await _options.Commands.ExecuteAsync(Shell(_scripts.Confirm)).ConfigureAwait(false);
        if (exitCode != 0)
        {
            throw new NetworkIngressException(
                NetworkIngressError.NotLocked,
                "There is no lock to confirm: none was made, or it has opened by itself. Run Disable-NetworkIngress again.");
        }
    }

    public async Task PersistAsync(CancellationToken cancellationToken)
    {
        var status = await StatusAsync(cancellationToken).ConfigureAwait(false);
        if (!status.IsInForce || status.LockId is not { } id || !id.All(char.IsAsciiHexDigit))
        {
            throw new NetworkIngressException(NetworkIngressError.NotLocked, "There is no lock to keep. Run Disable-NetworkIngress first.");
        }

        var (exitCode, _, error) = await _options.Commands.ExecuteAsync(Shell(_scripts.Persist(id))).ConfigureAwait(false);
        if (exitCode != 0)
        {
            throw new NetworkIngressException(
                NetworkIngressError.NotPersisted,
                $"The lock holds until the next reboot, and could not be kept for it. Run Disable-NetworkIngress and Confirm-NetworkIngress -Persist again. {error.Trim()}");
        }
    }

    public Task RestoreAsync(CancellationToken cancellationToken) => RestoreAsync(Shell(_scripts.Restore), cancellationToken);

    private async Task RestoreAsync(FirewallCommand command, CancellationToken cancellationToken)
    {
        try
        {
            await _options.Commands.RunAsync(command, cancellationToken).ConfigureAwait(false);
        }
        catch (NetworkIngressException e) when (e.Error == NetworkIngressError.FirewallRefused)
        {
            throw new NetworkIngressException(
                NetworkIngressError.FirewallRefused,
                $"Not everything could be undone. Run: sudo pfctl -a {PacketFilterScripts.Anchor} -F rules; sudo rm -f {_scripts.DaemonFile}. {e.Message}", e);
        }
    }

    /// <summary>Rules of others that come first.</summary>
    /// <exception cref="NetworkIngressException">Apple's anchors, ours among them, are not called.</exception>
    internal static IReadOnlyList<string> EarlierRules(string mainRules)
    {
        var lines = mainRules.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        var ours = Array.FindIndex(lines, l => l.StartsWith("anchor \"com.apple/*\"", StringComparison.Ordinal));
        return ours >= 0
            ? [.. lines[..ours].Where(l => !l.StartsWith("scrub", StringComparison.Ordinal))]
            : throw new NetworkIngressException(
                NetworkIngressError.FirewallMissing,
                "The main rules of pf do not call the anchor \"com.apple/*\", in which the lock lies. Put that line back into /etc/pf.conf, and run: sudo pfctl -f /etc/pf.conf");
    }

    private static string Nameless(string rules) =>
        string.Join('\n', rules.Split('\n').Where(l => !l.Contains(PacketFilterRules.LockLabel, StringComparison.Ordinal) && !l.Contains($"label \"{PacketFilterRules.DropLabel}-", StringComparison.Ordinal)));

    // What was written down of another lock says nothing of this one.
    private static IngressRecord? RecordOf(PacketFilterStatus status) =>
        status.Record is { } json && IngressRecord.Parse(json) is var record && record.LockId == status.LockId ? record : null;

    private async Task<PacketFilterStatus> StatusAsync(CancellationToken cancellationToken) => PacketFilterStatus.Parse(
        await _options.Commands.RunAsync(Shell(_scripts.Read), cancellationToken).ConfigureAwait(false));

    private static FirewallCommand Shell(string script, string? input = null) => new("/bin/sh", ["-c", script], input);
}
