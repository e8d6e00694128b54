using System.Globalization;

namespace Tunnel.Core.Ingress.Windows;

/// <summary>
/// The lock on Windows: the profiles of Windows Firewall let nothing in by default, and every rule that did is disabled, not
/// deleted. An unconfirmed lock is ended by a scheduled task, also after a boot. Not yet run on the real system.
/// </summary>
public sealed class WindowsFirewall : INetworkFirewall
{
    private readonly WindowsFirewallOptions _options;
    private readonly WindowsFirewallScripts _scripts;

    public WindowsFirewall(WindowsFirewallOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        _options = options;
        _scripts = new WindowsFirewallScripts(options);
    }

    public string Name => "Windows Firewall";

    public async Task CheckAsync(CancellationToken cancellationToken)
    {
        if (_options.Commands.UsesSudo || !_options.Commands.IsPrivileged)
        {
            throw new NetworkIngressException(
                NetworkIngressError.NotPrivileged,
                "Changing the firewall needs an Administrator. Start PowerShell with 'Run as administrator'; -AsSudo is for Linux and macOS.");
        }

        cancellationToken.ThrowIfCancellationRequested();
        var (exitCode, _, error) = await _options.Commands.ExecuteAsync(Shell(_scripts.Check)).ConfigureAwait(false);
        if (exitCode != 0)
        {
            throw new NetworkIngressException(NetworkIngressError.FirewallMissing, $"Windows Firewall cannot be asked. {error.Trim()}");
        }
    }

    public async Task<HostFacts> LookAsync(CancellationToken cancellationToken)
    {
        var output = await RunAsync(_scripts.Look, cancellationToken).ConfigureAwait(false);
        return SystemSockets.Look(_options.SshConnection) with
        {
            FirstEphemeralPort = 49152,
            EarlierRules = [.. output
                .Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
                .Where(l => l.StartsWith("policy ", StringComparison.Ordinal))
                .Select(l => l["policy ".Length..])
                .Distinct(StringComparer.Ordinal)],
        };
    }

    public FirewallPlan Plan(NetworkIngressRules rules, HostFacts facts)
    {
        ArgumentNullException.ThrowIfNull(rules);
        ArgumentNullException.ThrowIfNull(facts);
        rules.Validate();
        WindowsFirewallRules.Validate(rules);
        var id = _options.NewLockId();
        var openings = IngressOpenings.Of(rules, facts);
        var permanent = WindowsFirewallRules.Permanent(rules, facts);
        return new FirewallPlan
        {
            Apply = [Shell(_scripts.Apply(IngressRecord.Of(id, permanent, rules, openings), rules.RollbackAfter, WindowsFirewallRules.Present(rules, facts, id)))],
            Permanent = permanent,
            Caller = facts.Caller,
            ClosesEstablished = rules.CloseEstablished,
            Sessions = facts.Sessions,
            Openings = openings,
            Closed = IngressOpenings.ClosedBy(openings, facts),
            Notes =
            [
                .. IngressNotes.Of(rules, facts),
                "The lock of Windows has not been run on the real system yet.",
                $"Windows keeps its rules over reboots: once confirmed the lock stays, with or without -Persist. The whole firewall as it was is in {Path.Combine(_options.StateDirectory, "snapshot.wfw")} (netsh advfirewall import).",
                "Windows counts no dropped packets, and a service of UDP that goes on sending still hears its peer. The firewall of Hyper-V and of WSL is another one, and is not closed.",
            ],
        };
    }

    public async Task<NetworkIngressState> ReadAsync(CancellationToken cancellationToken)
    {
        var status = await StatusAsync(cancellationToken).ConfigureAwait(false);
        if (!status.IsInForce)
        {
            return new NetworkIngressState { Status = IngressStatus.Open, Firewall = Name };
        }

        var record = IngressRecord.Parse(status.Record!);
        var isConfirmed = status.OpensAt is null;
        IReadOnlyList<IngressOpening> openings = [.. record.Openings, .. IngressOpenings.Always(record.LimitsOutbound)];
        return new NetworkIngressState
        {
            Status = isConfirmed ? IngressStatus.Closed : IngressStatus.Unconfirmed,
            Firewall = Name,
            OpensAt = status.OpensAt,
            PersistsOnConfirm = true,
            IsPersistent = isConfirmed,
            IsClosedByBoot = isConfirmed,
            Openings = openings,
            Closed = IngressOpenings.ClosedBy(openings, SystemSockets.Look(_options.SshConnection)),
            Notes = status.OthersOpenings.Count == 0
                ? []
                : [$"These rules of others were enabled since, and let in what the lock would not: {string.Join("; ", status.OthersOpenings)}."],
        };
    }

    public async Task<bool> IsInForceAsync(FirewallPlan plan, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(plan);
        var status = await StatusAsync(cancellationToken).ConfigureAwait(false);
        return status.IsInForce && status.OthersOpenings.Count == 0
            && IngressRecord.Parse(status.Record!).Fingerprint == IngressRecord.FingerprintOf(plan.Permanent);
    }

    public async Task<FirewallCapture> CaptureAsync(CancellationToken cancellationToken)
    {
        var status = await StatusAsync(cancellationToken).ConfigureAwait(false);
        if (!status.IsInForce)
        {
            return new FirewallCapture("", null);
        }

        var rules = await RunAsync(_scripts.ReadRules, cancellationToken).ConfigureAwait(false);
        var end = status.OpensAt?.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture) ?? "";
        return new FirewallCapture(rules.Trim(), $"{end}\n{status.Record}");
    }

    public async Task ReturnToAsync(FirewallCapture capture, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(capture);
        if (capture.Staged?.Split('\n', 2) is not [var end, { Length: > 0 } json])
        {
            await RestoreAsync(cancellationToken).ConfigureAwait(false);
            return;
        }

        long? opensAt = end.Length == 0 ? null : long.Parse(end, CultureInfo.InvariantCulture);
        await RunAsync(_scripts.Return(IngressRecord.Parse(json), capture.Ruleset, opensAt), cancellationToken).ConfigureAwait(false);
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
        var (exitCode, _, error) = await _options.Commands.ExecuteAsync(Shell(_scripts.Confirm)).ConfigureAwait(false);
        if (exitCode != 0)
        {
            throw exitCode == WindowsFirewallScripts.NotLocked
                ? new NetworkIngressException(
                    NetworkIngressError.NotLocked,
                    "There is no lock to confirm: none was made, or it has opened by itself. Run Disable-NetworkIngress again.")
                : new NetworkIngressException(NetworkIngressError.FirewallRefused, $"The lock was not confirmed. {error.Trim()}");
        }
    }

    /// <summary>Windows Firewall keeps what it is told: there is nothing to do but to look.</summary>
    public async Task PersistAsync(CancellationToken cancellationToken)
    {
        if (!(await StatusAsync(cancellationToken).ConfigureAwait(false)).IsInForce)
        {
            throw new NetworkIngressException(NetworkIngressError.NotLocked, "There is no lock to keep. Run Disable-NetworkIngress first.");
        }
    }

    public async Task RestoreAsync(CancellationToken cancellationToken)
    {
        try
        {
            await RunAsync(_scripts.Restore, cancellationToken).ConfigureAwait(false);
        }
        catch (NetworkIngressException e) when (e.Error == NetworkIngressError.FirewallRefused)
        {
            throw new NetworkIngressException(
                NetworkIngressError.FirewallRefused,
                "Not everything could be undone. Run Enable-NetworkIngress again, or: netsh advfirewall import "
                + $"\"{Path.Combine(_options.StateDirectory, "snapshot.wfw")}\". {e.Message}", e);
        }
    }

    private async Task<WindowsFirewallStatus> StatusAsync(CancellationToken cancellationToken) =>
        WindowsFirewallStatus.Parse(await RunAsync(_scripts.Read, cancellationToken).ConfigureAwait(false));

    private Task<string> RunAsync(string script, CancellationToken cancellationToken) =>
        _options.Commands.RunAsync(Shell(script), cancellationToken);

    // The script comes in: it may be longer than a command line.
    private FirewallCommand Shell(string script) => new(
        _options.PowerShellProgram,
        ["-NoProfile", "-NonInteractive", "-Command", "& ([scriptblock]::Create([Console]::In.ReadToEnd()))"],
        script.ReplaceLineEndings("\n") + "\n");
}
