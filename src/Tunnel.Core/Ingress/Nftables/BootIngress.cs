namespace Tunnel.Core.Ingress.Nftables;

/// <summary>
/// The lock after a reboot: a ruleset file and a systemd unit that loads it before any interface comes up, after the
/// tools that flush all tables when they start. The unit stays, and loads it again when something takes it out of the kernel.
/// </summary>
internal sealed class BootIngress(NftablesFirewallOptions options)
{
    public const string UnitName = "tunnel-ingress.service";

    private static readonly string[] s_flushers = ["nftables.service", "ufw.service", "netfilter-persistent.service"];

    private string StagedFile => Path.Combine(options.RuntimeDirectory, "ingress.nft");

    private string RulesetFile => Path.Combine(options.StateDirectory, "ingress.nft");

    private string UnitFile => Path.Combine(options.UnitDirectory, UnitName);

    private string WantedBy => Path.Combine(options.UnitDirectory, "sysinit.target.wants", UnitName);

    private string LoadUnlessThere =>
        $"/usr/sbin/nft list table {NftablesScript.Table} >/dev/null 2>&1 || /usr/sbin/nft -f {RulesetFile}";

    // The kernel tells of what it deletes, of all tables, from the moment at which somebody listens: so the first look comes a
    // second later. Not "monitor destroy": newer versions of nft do not take the word.
    private string Watch =>
        $"/usr/sbin/nft monitor tables | {{ sleep 1; {LoadUnlessThere}; while read -r event; do case \"$$event\" in \"delete table {NftablesScript.Table}\"*) {LoadUnlessThere};; esac; done; }}";

    /// <summary>The unit is enabled.</summary>
    public bool IsInstalled => File.Exists(RulesetFile) && File.Exists(UnitFile) && new FileInfo(WantedBy).LinkTarget is not null;

    /// <summary>Whether what a boot loads is this lock.</summary>
    public bool Holds(string lockId) => IsInstalled && File.ReadLines(RulesetFile).FirstOrDefault() == FirstLine(lockId);

    /// <summary>Keeps the ruleset aside until somebody wants it to outlive a reboot.</summary>
    /// <param name="ruleset">Null: nothing is kept.</param>
    /// <param name="cancellationToken">Stops before the next step.</param>
    public async Task StageAsync(string? ruleset, CancellationToken cancellationToken)
    {
        if (ruleset is not null)
        {
            await WriteAsync(StagedFile, ruleset, cancellationToken).ConfigureAwait(false);
        }
        else if (File.Exists(StagedFile))
        {
            await options.Commands.RunAsync(new FirewallCommand("rm", ["-f", StagedFile]), cancellationToken).ConfigureAwait(false);
        }
    }

    /// <returns>Null: nothing is kept.</returns>
    public async Task<string?> ReadStagedAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await File.ReadAllTextAsync(StagedFile, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    /// <param name="lockId">The lock in force: no other may be kept by mistake.</param>
    /// <param name="cancellationToken">Stops before the next step.</param>
    public async Task InstallAsync(string lockId, CancellationToken cancellationToken)
    {
        // As sd_booted(3) tells.
        if (!Directory.Exists(options.SystemdDirectory))
        {
            throw new NetworkIngressException(
                NetworkIngressError.NotPersisted,
                $"The lock holds until the next reboot: this host is not run by systemd. Let its boot load the rules that are in {StagedFile} before the network comes up.");
        }

        var ruleset = await ReadStagedOfAsync(lockId, cancellationToken).ConfigureAwait(false);
        await WriteAsync(RulesetFile, ruleset, cancellationToken).ConfigureAwait(false);
        await WriteAsync(UnitFile, Unit(await FlushBeforeSysinitAsync().ConfigureAwait(false)), cancellationToken).ConfigureAwait(false);
        await SystemctlAsync("daemon-reload", cancellationToken).ConfigureAwait(false);
        // Enabled last: a boot finds all of it, or the door as it was. Started as well, though the rules are there: what is
        // not active is not restarted with the tools that flush.
        await SystemctlAsync("enable --now", cancellationToken).ConfigureAwait(false);
    }

    public async Task RemoveAsync(CancellationToken cancellationToken)
    {
        if (File.Exists(UnitFile))
        {
            // Nothing is run when it stops: the rules are somebody else's to take away.
            await SystemctlAsync("disable --now", cancellationToken).ConfigureAwait(false);
        }

        if (File.Exists(UnitFile) || File.Exists(RulesetFile) || File.Exists(StagedFile))
        {
            await options.Commands.RunAsync(
                new FirewallCommand("rm", ["-f", UnitFile, RulesetFile, StagedFile]), cancellationToken).ConfigureAwait(false);
        }
    }

    // Where one of them comes after sysinit.target (Fedora's nftables.service), so must the lock: systemd breaks a cycle by
    // leaving somebody out.
    private async Task<bool> FlushBeforeSysinitAsync()
    {
        var (_, output, _) = await options.Commands.ExecuteAsync(
            new FirewallCommand("systemctl", ["show", "--property=After", .. s_flushers])).ConfigureAwait(false);
        return !output.Contains("sysinit.target", StringComparison.Ordinal);
    }

    private string Unit(bool beforeSysinit) => $"""
        # The network ingress lock. Made by Confirm-NetworkIngress -Persist, taken away by Enable-NetworkIngress.
        [Unit]
        Description=Network ingress lock: the tunnel is the only way in
        DefaultDependencies=no
        After=local-fs.target {string.Join(' ', s_flushers)}
        # Before anything listens, too: an interface may be up since the initramfs.
        Before={(beforeSysinit ? "sysinit.target " : "")}network-pre.target firewalld.service
        Wants=network-pre.target
        # Flushes every table when it is restarted.
        PartOf=nftables.service
        ReloadPropagatedFrom=nftables.service

        StartLimitIntervalSec=0

        [Service]
        # What comes after this unit waits for the first of these, not for the second.
        # Rules that are still there have the sessions of today besides.
        ExecStartPre=/bin/sh -c '{LoadUnlessThere}'
        ExecStart=/bin/sh -c '{Watch}'
        Restart=always
        RestartSec=1
        CapabilityBoundingSet=CAP_NET_ADMIN
        NoNewPrivileges=yes
        ExecReload=/bin/sh -c '{LoadUnlessThere}'

        [Install]
        WantedBy=sysinit.target nftables.service

        """;

    private async Task<string> ReadStagedOfAsync(string lockId, CancellationToken cancellationToken)
    {
        var ruleset = await ReadStagedAsync(cancellationToken).ConfigureAwait(false);
        return ruleset?.StartsWith(FirstLine(lockId) + "\n", StringComparison.Ordinal) == true
            ? ruleset
            : throw new NetworkIngressException(
                NetworkIngressError.NotPersisted,
                "The lock holds until the next reboot, but what was kept for the boot is not this lock. Run Disable-NetworkIngress and Confirm-NetworkIngress -Persist again.");
    }

    private static string FirstLine(string lockId) => $"# {NftablesScript.LockComment}{lockId}";

    private Task<string> SystemctlAsync(string verb, CancellationToken cancellationToken) => options.Commands.RunAsync(
        new FirewallCommand("systemctl", verb == "daemon-reload" ? [verb] : ["--quiet", .. verb.Split(' '), UnitName]), cancellationToken);

    // By programs, so that sudo can do it: a reader sees the old file or the new one.
    private async Task WriteAsync(string path, string content, CancellationToken cancellationToken)
    {
        var fresh = path + ".new";
        await options.Commands.RunAsync(
            new FirewallCommand("install", ["-D", "-m", "644", "/dev/stdin", fresh], content), cancellationToken).ConfigureAwait(false);
        await options.Commands.RunAsync(new FirewallCommand("mv", ["-f", fresh, path]), cancellationToken).ConfigureAwait(false);
    }
}
