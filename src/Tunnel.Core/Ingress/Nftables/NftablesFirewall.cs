using System.Globalization;
using System.Text.Json;
using Tunnel.Core.Ingress.Linux;

namespace Tunnel.Core.Ingress.Nftables;

/// <summary>
/// The lock on Linux: a table of our own in the kernel's nftables, before the tables of ufw, firewalld, Docker or the
/// administrator, of which nothing is touched. An unconfirmed lock is ended by the kernel.
/// </summary>
public sealed class NftablesFirewall : INetworkFirewall
{
    private readonly NftablesFirewallOptions _options;
    private readonly FirewallCommands _commands;
    private readonly BootIngress _boot;

    public NftablesFirewall(NftablesFirewallOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        _options = options;
        _commands = options.Commands;
        _boot = new BootIngress(options);
    }

    public string Name => "nftables";

    public async Task CheckAsync(CancellationToken cancellationToken)
    {
        if (!_commands.IsPrivileged)
        {
            throw new NetworkIngressException(
                NetworkIngressError.NotPrivileged, FirewallCommands.HowToBeRoot);
        }

        await _commands.RunAsync(new FirewallCommand("nft", ["list", "tables"]), cancellationToken).ConfigureAwait(false);
    }

    public async Task<HostFacts> LookAsync(CancellationToken cancellationToken)
    {
        var proc = new ProcNet(_options.ProcRoot);
        var sessions = proc.Sessions();
        var (uplinks, inside) = NetworkInterfaces.Sort(_options.SysRoot, proc.DefaultRoutes());
        var tables = await _commands.RunAsync(new FirewallCommand("nft", ["list", "tables"]), cancellationToken).ConfigureAwait(false);
        return new HostFacts
        {
            Listening = proc.Listening(),
            FirstEphemeralPort = proc.FirstEphemeralPort() ?? new HostFacts().FirstEphemeralPort,
            Sessions = sessions,
            Uplinks = uplinks,
            InternalInterfaces = inside,
            Caller = CallerSession.Find(
                _options.SshConnection ?? LoginEnvironment.SshConnection(_options.ProcRoot, Environment.ProcessId), sessions),
            OtherTables = [.. tables
                .Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
                .Where(t => t != $"table {NftablesScript.Table}")],
        };
    }

    public FirewallPlan Plan(NetworkIngressRules rules, HostFacts facts)
    {
        ArgumentNullException.ThrowIfNull(rules);
        ArgumentNullException.ThrowIfNull(facts);
        rules.Validate();
        rules.ValidateUnixInterfaces();
        var id = _options.NewLockId();
        var openings = IngressOpenings.Of(rules, facts);
        return new FirewallPlan
        {
            Apply = [new FirewallCommand("nft", ["-f", "-"], NftablesScript.Expiring(rules, facts, id))],
            Permanent = NftablesScript.Permanent(rules, facts, id),
            Caller = facts.Caller,
            ClosesEstablished = rules.CloseEstablished,
            Sessions = facts.Sessions,
            Openings = openings,
            Closed = IngressOpenings.ClosedBy(openings, facts),
            Notes = [.. IngressNotes.Of(rules, facts), FlushNote(rules.Persist)],
        };
    }

    public async Task<NetworkIngressState> ReadAsync(CancellationToken cancellationToken)
    {
        var table = await ReadTableAsync(cancellationToken).ConfigureAwait(false);
        if (table is null || !table.IsArmed)
        {
            var isClosedByBoot = _boot.IsInstalled;
            return new NetworkIngressState
            {
                Status = IngressStatus.Open,
                Firewall = Name,
                IsClosedByBoot = isClosedByBoot,
                Notes = isClosedByBoot && table is null
                    ? [$"A lock is kept for the next boot, but something took it out of the kernel, such as nft flush ruleset. Put it back with: systemctl enable --now {BootIngress.UnitName}"]
                    : [],
            };
        }

        var opensAt = table.Remaining is { } remaining ? await OpensAtAsync(remaining, cancellationToken).ConfigureAwait(false) : (DateTimeOffset?)null;
        IReadOnlyList<IngressOpening> openings = [.. table.Openings, .. IngressOpenings.Always(table.LimitsOutbound)];
        return new NetworkIngressState
        {
            Status = table.Remaining is null ? IngressStatus.Closed : IngressStatus.Unconfirmed,
            Firewall = Name,
            OpensAt = opensAt,
            PersistsOnConfirm = table.PersistsOnConfirm,
            IsPersistent = _boot.Holds(table.LockId),
            IsClosedByBoot = _boot.IsInstalled,
            Openings = openings,
            Closed = IngressOpenings.ClosedBy(openings, await LookAsync(cancellationToken).ConfigureAwait(false)),
            Dropped = table.Dropped,
            DroppedPackets = table.DroppedPackets,
            Notes = [FlushNote(_boot.Holds(table.LockId) || table.PersistsOnConfirm)],
        };
    }

    // What root can do to any table; the kernel gives no way to keep one from it without a process that holds it.
    private static string FlushNote(bool persist) => persist
        ? $"nft flush ruleset, or a restart of nftables.service, takes the lock away; once it is kept for the boot, {BootIngress.UnitName} loads it again within a moment."
        : "nft flush ruleset, or a restart of nftables.service, takes the lock away; with -Persist it comes back within a moment.";

    public async Task<bool> IsInForceAsync(FirewallPlan plan, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(plan);
        return await ReadTableAsync(cancellationToken).ConfigureAwait(false) is { IsArmed: true } table
            && await _boot.ReadStagedAsync(cancellationToken).ConfigureAwait(false) is { } staged
            && staged.Contains(NftablesScript.LockComment + table.LockId, StringComparison.Ordinal)
            && NftablesScript.AreSame(staged, plan.Permanent);
    }

    public async Task<FirewallCapture> CaptureAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var (exitCode, output, _) = await _commands.ExecuteAsync(
            new FirewallCommand("nft", ["list", "table", .. NftablesScript.Table.Split(' ')])).ConfigureAwait(false);
        return new FirewallCapture(exitCode == 0 ? output : "", await _boot.ReadStagedAsync(cancellationToken).ConfigureAwait(false));
    }

    public async Task ReturnToAsync(FirewallCapture capture, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(capture);
        await _commands.RunAsync(
            new FirewallCommand("nft", ["-f", "-"], $"table {NftablesScript.Table}\ndelete table {NftablesScript.Table}\n{capture.Ruleset}\n"),
            cancellationToken).ConfigureAwait(false);
        await _boot.StageAsync(capture.Staged, cancellationToken).ConfigureAwait(false);
    }

    public async Task ApplyAsync(FirewallPlan plan, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(plan);
        await _boot.StageAsync(plan.Permanent, cancellationToken).ConfigureAwait(false);
        foreach (var command in plan.Apply)
        {
            await _commands.RunAsync(command, cancellationToken).ConfigureAwait(false);
        }

        // Between the plan and the lock the tunnel was proven, and a door was open.
        var later = NftablesScript.Later(plan, await LookAsync(cancellationToken).ConfigureAwait(false));
        if (later.Length > 0)
        {
            await _commands.RunAsync(new FirewallCommand("nft", ["-f", "-"], later), cancellationToken).ConfigureAwait(false);
        }
    }

    public async Task ConfirmAsync(CancellationToken cancellationToken)
    {
        // One transaction. To delete an element that has ended fails, and so nothing is confirmed that does not hold.
        var (exitCode, _, error) = await _commands.ExecuteAsync(new FirewallCommand("nft", ["-f", "-"], $$"""
            delete element {{NftablesScript.Table}} armed { ipv4, ipv6 }
            add element {{NftablesScript.Table}} armed { ipv4, ipv6 }

            """)).ConfigureAwait(false);
        cancellationToken.ThrowIfCancellationRequested();
        if (exitCode != 0)
        {
            throw new NetworkIngressException(
                NetworkIngressError.NotLocked,
                "There is no lock to confirm: none was made, or it has opened by itself. Run Disable-NetworkIngress again."
                + (error.Contains("No such file", StringComparison.Ordinal) ? "" : $" (nft: {error.Split('\n')[0]})"));
        }
    }

    public async Task PersistAsync(CancellationToken cancellationToken)
    {
        var table = await ReadTableAsync(cancellationToken).ConfigureAwait(false);
        if (table is not { IsArmed: true })
        {
            throw new NetworkIngressException(NetworkIngressError.NotLocked, "There is no lock to keep. Run Disable-NetworkIngress first.");
        }

        await _boot.InstallAsync(table.LockId, cancellationToken).ConfigureAwait(false);
    }

    public async Task RestoreAsync(CancellationToken cancellationToken)
    {
        // The boot first: whatever ends this process in between, no reboot brings a lock that somebody wanted gone.
        NetworkIngressException? kept = null;
        try
        {
            await _boot.RemoveAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (NetworkIngressException e)
        {
            kept = e;
        }

        // The way out has to work when little else does.
        await ReturnToAsync(new FirewallCapture("", null), cancellationToken).ConfigureAwait(false);
        if (kept is not null)
        {
            throw new NetworkIngressException(
                NetworkIngressError.FirewallRefused,
                $"Network ingress is open now, but the next boot closes it again: {kept.Message} Remove the unit {BootIngress.UnitName} by hand.", kept);
        }
    }

    // JSON has whole seconds only, rounded down; the text has milliseconds. The kernel is asked somewhere between the two times.
    private async Task<DateTimeOffset> OpensAtAsync(TimeSpan rounded, CancellationToken cancellationToken)
    {
        var before = _options.TimeProvider.GetUtcNow();
        var output = await _commands.RunAsync(
            new FirewallCommand("nft", ["list", "set", .. NftablesScript.Table.Split(' '), "armed"]), cancellationToken).ConfigureAwait(false);
        var now = before + ((_options.TimeProvider.GetUtcNow() - before) / 2);
        return now + (NftablesTable.RemainingOf(output) ?? rounded);
    }

    private async Task<NftablesTable?> ReadTableAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var (exitCode, output, error) = await _commands.ExecuteAsync(
            new FirewallCommand("nft", ["--json", "list", "table", .. NftablesScript.Table.Split(' ')])).ConfigureAwait(false);
        if (exitCode != 0)
        {
            return error.Contains("No such file", StringComparison.Ordinal) ? null : throw new NetworkIngressException(
                NetworkIngressError.FirewallRefused,
                string.Create(CultureInfo.InvariantCulture, $"nft ended with {exitCode}: {error.Trim()}"));
        }

        try
        {
            return NftablesTable.Parse(output);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or KeyNotFoundException or FormatException)
        {
            throw new NetworkIngressException(
                NetworkIngressError.FirewallRefused, $"The table that nft lists is not one of this version: {e.Message}", e);
        }
    }
}
