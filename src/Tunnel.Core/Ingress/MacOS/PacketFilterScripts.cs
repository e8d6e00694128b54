using System.Globalization;
using System.Security;

namespace Tunnel.Core.Ingress.MacOS;

/// <summary>
/// The programs of a lock, for <c>/bin/sh</c>. A file decides who is first, confirming or the way back: both rename
/// <c>pending</c>, and only one can.
/// </summary>
/// <remarks>
/// In the runtime directory: <c>pending</c> (when the lock opens, in seconds of Unix time) or <c>confirmed</c>; <c>undone</c>
/// while it is opened; <c>rules</c>, <c>record</c>, <c>staged</c> (what a boot would load), <c>token</c> (pf's, of <c>-E</c>).
/// </remarks>
internal sealed class PacketFilterScripts(PacketFilterOptions options)
{
    // Under Apple's own, which /etc/pf.conf calls by "com.apple/*", in the order of names: that file is not ours, and an
    // update of the system writes it anew.
    public const string Anchor = "com.apple/000.tunnel-ingress";
    public const string DaemonLabel = "tunnel.ingress.boot";
    public const int NotLocked = 3;

    private const string UndoLabel = "tunnel.ingress.undo.";

    public string BootRules => $"{options.StateDirectory}/ingress.pf";

    public string BootRecord => $"{options.StateDirectory}/ingress.json";

    public string DaemonFile => $"{options.DaemonDirectory}/{DaemonLabel}.plist";

    private string Pfctl => Quote(options.PfctlProgram);

    private string Launchctl => Quote(options.LaunchctlProgram);

    private string Runtime => Quote(options.RuntimeDirectory);

    /// <summary>Reads the rules, arms the way back, and only then loads them, in one transaction of the kernel.</summary>
    public string Apply(IngressRecord record, TimeSpan rollbackAfter, IEnumerable<HostSession> cut, HostSession? caller) => $"""
        set -eu
        umask 077
        mkdir -p {Runtime}
        cd {Runtime}
        cat > rules.new
        [ "$(tail -n 1 rules.new)" = '{PacketFilterRules.End}' ] || (echo 'The rules did not arrive whole.' >&2; exit 1)
        {Pfctl} -q -n -a {Anchor} -f rules.new
        rm -f undone
        echo $(($(date +%s) + {Seconds(rollbackAfter)})) > pending.new
        cat > undo.plist <<'END-{record.LockId}'
        {Plist(UndoLabel + record.LockId, Undo(UndoLabel + record.LockId))}
        END-{record.LockId}
        mv -f pending.new pending
        {Launchctl} bootstrap system {Quote(options.RuntimeDirectory + "/undo.plist")}
        rm -f confirmed
        {Enable}
        printf '%s\n' {Quote(record.ToJson())} > record.new
        mv -f record.new record
        {Pfctl} -q -a {Anchor} -f rules.new
        mv -f rules.new rules
        {Kill(cut, caller)}
        """;

    /// <summary>
    /// What launchd runs from the moment of the lock, and again if something kills it. By the clock, not by its own time:
    /// a Mac that slept opens when it wakes. An end that cannot be read is over: nobody would know when to open, and a door
    /// that opens is the promise.
    /// </summary>
    private string Undo(string label) => $"""
        cd {Runtime} 2>/dev/null || exit 0
        while [ -e pending ] && [ "$(date +%s)" -lt "$(cat pending 2>/dev/null || echo 0)" ]; do sleep 1; done
        mv -f pending undone 2>/dev/null
        if [ -e undone ]; then
        {Open}
        fi
        # Itself and no other: the next lock may have been made meanwhile.
        {Launchctl} bootout {Quote("system/" + label)} >/dev/null 2>&1
        exit 0
        """;

    public string Confirm => $"""
        cd {Runtime} 2>/dev/null || exit {NotLocked}
        {Pfctl} -s info 2>/dev/null | grep -q '^Status: Enabled' || exit {NotLocked}
        {Pfctl} -a {Anchor} -s labels 2>/dev/null | grep -q '^{PacketFilterRules.LockLabel}' || exit {NotLocked}
        mv pending confirmed 2>/dev/null || exit {NotLocked}
        {Disarm}
        """;

    /// <summary>The boot first: no reboot brings back a lock that somebody wanted gone.</summary>
    public string Restore => $"""
        rm -f {Quote(DaemonFile)} {Quote(BootRules)} {Quote(BootRecord)} || kept=1
        ({Undone})
        [ $? = 0 ] && [ -z "$kept" ]
        """;

    /// <summary>As there was no lock; what a boot loads stays.</summary>
    public string Undone => $"""
        mkdir -p {Runtime} && cd {Runtime} || exit 1
        rm -f confirmed
        mv -f pending undone 2>/dev/null || : > undone
        {Open}
        {Disarm}
        """;

    /// <summary>Makes the lock again whose rules come in; confirmed, or to end at the time it had.</summary>
    public string Return(IngressRecord record, long? opensAt) => $"""
        set -eu
        umask 077
        cd {Runtime}
        cat > rules.new
        [ "$(tail -n 1 rules.new)" = '{PacketFilterRules.End}' ] || (echo 'The rules did not arrive whole.' >&2; exit 1)
        {(opensAt is { } end ? $"echo {end.ToString(CultureInfo.InvariantCulture)} > pending.new && mv -f pending.new pending" : "mv -f pending confirmed 2>/dev/null || : > confirmed")}
        printf '%s\n' {Quote(record.ToJson())} > record.new
        mv -f record.new record
        {Enable}
        {Pfctl} -q -a {Anchor} -f rules.new
        mv -f rules.new rules
        {(opensAt is null ? Disarm : "")}
        """;

    /// <summary>Keeps what comes in aside, for a boot.</summary>
    public string Stage => $"""
        set -eu
        umask 077
        mkdir -p {Runtime}
        cd {Runtime}
        cat > staged.new
        [ "$(tail -n 1 staged.new)" = '{PacketFilterRules.End}' ] || exit 1
        mv -f staged.new staged
        """;

    /// <summary>The daemon last: a boot finds all of it, or nothing.</summary>
    public string Persist(string lockId) => $"""
        set -eu
        umask 077
        cd {Runtime}
        grep -q '"{PacketFilterRules.LockLabel}{lockId}"' staged || exit {NotLocked}
        mkdir -p {Quote(options.StateDirectory)}
        cp staged {Quote(BootRules)}
        cp record {Quote(BootRecord)}
        cat > boot.plist <<'END-{lockId}'
        {Plist(DaemonLabel, Boot)}
        END-{lockId}
        chmod 644 boot.plist
        cp boot.plist {Quote(DaemonFile + ".new")}
        mv -f {Quote(DaemonFile + ".new")} {Quote(DaemonFile)}
        """;

    /// <summary>One line a fact, as <see cref="PacketFilterStatus"/> reads them.</summary>
    public string Read => $"""
        {Pfctl} -s info 2>/dev/null | grep '^Status: ' | sed 's/^/info /'
        {Pfctl} -a {Anchor} -s labels 2>/dev/null | sed 's/^/label /'
        [ -e {Quote(DaemonFile)} ] && sed 's/^/boot /' {Quote(BootRecord)} 2>/dev/null
        cd {Runtime} 2>/dev/null || exit 0
        [ -e pending ] && sed 's/^/pending /' pending
        [ -e record ] && sed 's/^/record /' record
        exit 0
        """;

    // The main rules are loaded by a job of Apple's, in no order with this one. Ours lie in the kernel before they are called.
    private string Boot => $"""
        set -eu
        umask 077
        mkdir -p {Runtime}
        cd {Runtime}
        rm -f pending undone
        cp {Quote(BootRecord)} record
        cp {Quote(BootRules)} staged
        cp {Quote(BootRules)} rules
        {Pfctl} -q -a {Anchor} -f rules
        {Enable}
        : > confirmed
        until {Pfctl} -s rules 2>/dev/null | grep -q '^anchor "com.apple/\*"'; do sleep 1; done
        """;

    // A reference of our own to pf being on (pfctl -E): to give it back turns pf off only if nobody else holds one.
    private string Enable => $$"""
        if ! { [ -s token ] && {{Pfctl}} -s info 2>/dev/null | grep -q '^Status: Enabled'; }; then {{Pfctl}} -E 2>&1 | sed -n 's/^Token : //p' > token; fi
        {{Pfctl}} -s info 2>/dev/null | grep -q '^Status: Enabled'
        """;

    // Each step on its own: the way out has to work when little else does. What is done twice does no harm.
    private string Open => $"""
        {Pfctl} -q -a {Anchor} -F rules || exit 1
        {Pfctl} -q -a {Anchor} -F Tables 2>/dev/null
        [ -s token ] && {Pfctl} -X "$(cat token)" >/dev/null 2>&1
        rm -f token rules record staged confirmed undo.plist boot.plist undone
        """;

    // launchd keeps a job that has ended until it is told otherwise.
    private string Disarm => $"""
        {Launchctl} list 2>/dev/null | sed -n 's/.*[[:space:]]\({UndoLabel.Replace(".", "[.]", StringComparison.Ordinal)}[0-9a-f]*\)$/\1/p' | while read -r job; do {Launchctl} bootout "system/$job" >/dev/null 2>&1 || :; done
        exit 0
        """;

    // By the addresses of both ends, which is all of them between two hosts: where the caller is among them, what pf already
    // knew stays.
    private string Kill(IEnumerable<HostSession> cut, HostSession? caller) => string.Join('\n', cut
        .Where(s => !s.Remote.Address.Equals(caller?.Remote.Address) || !s.Local.Address.Equals(caller.Local.Address))
        .Select(s => $"{Pfctl} -q -k {Quote(s.Remote.Address.ToString())} -k {Quote(s.Local.Address.ToString())} || :").Distinct());

    private static string Plist(string label, string script) => $"""
        <?xml version="1.0" encoding="UTF-8"?>
        <!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
        <plist version="1.0">
        <dict>
          <key>Label</key>
          <string>{SecurityElement.Escape(label)}</string>
          <key>ProgramArguments</key>
          <array>
            <string>/bin/sh</string>
            <string>-c</string>
            <string>{SecurityElement.Escape(script)}</string>
          </array>
          <key>RunAtLoad</key>
          <true/>
          <key>KeepAlive</key>
          <dict>
            <key>SuccessfulExit</key>
            <false/>
          </dict>
        </dict>
        </plist>
        """;

    internal static string Quote(string text) => $"'{text.Replace("'", "'\\''", StringComparison.Ordinal)}'";

    private static string Seconds(TimeSpan time) => ((long)time.TotalSeconds).ToString(CultureInfo.InvariantCulture);
}
