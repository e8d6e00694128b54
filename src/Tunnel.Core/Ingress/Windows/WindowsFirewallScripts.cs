using System.Globalization;

namespace Tunnel.Core.Ingress.Windows;

/// <summary>
/// The programs of a lock, for Windows PowerShell and its modules NetSecurity and ScheduledTasks. A file decides who is
/// first, confirming or the way back: both rename <c>pending</c>, and only one can.
/// </summary>
/// <remarks>
/// In the state's folder: <c>before</c> (the profiles, and the rules that were disabled), <c>pending</c> (when the lock
/// opens, in seconds of Unix time) or <c>confirmed</c>; <c>undone</c> while it is opened; <c>rules</c>, <c>record</c>; and
/// <c>snapshot.wfw</c>, the whole policy as <c>netsh advfirewall import</c> takes it, for people.
/// </remarks>
internal sealed class WindowsFirewallScripts(WindowsFirewallOptions options)
{
    public const int NotLocked = 3;
    public const string TaskName = "Ingress way back";
    public const string TaskPath = "\\Tunnel\\";

    // Half a second each.
    private const int UnreadableTries = 10;

    private const string Profiles = "Domain,Private,Public";

    /// <summary>Whether there is a firewall to change.</summary>
    public string Check => $$"""
        {{Prelude}}
        if ("$((Get-Service -Name mpssvc).Status)" -ne 'Running') {
            [Console]::Error.WriteLine('The service mpssvc (Windows Defender Firewall) does not run. Start it with: Start-Service mpssvc')
            exit {{NotLocked}}
        }
        """;

    /// <summary>Enabled rules of a group policy, which nothing local switches off: one line each.</summary>
    public string Look => $$"""
        {{Prelude}}
        Get-NetFirewallRule -PolicyStore ActiveStore | ForEach-Object {
            if ("$($_.PolicyStoreSourceType)" -eq 'GroupPolicy' -and (Test-Opening $_ 'Inbound')) { [Console]::Out.WriteLine('policy ' + $_.DisplayName) }
        }
        """;

    /// <summary>Writes down what is there, arms the way back, and only then closes: first what stays open, then the rest.</summary>
    public string Apply(IngressRecord record, TimeSpan rollbackAfter, string rules) => $$"""
        {{Prelude}}
        function Test-Closing($rule) { $rule.Name -notlike '{{WindowsFirewallRules.Prefix}}*' -and ({{(record.LimitsOutbound ? "(Test-Opening $rule 'Inbound') -or (Test-Opening $rule 'Outbound')" : "Test-Opening $rule 'Inbound'")}}) }
        $rules = @'
        {{rules}}
        '@
        $null = [IO.Directory]::CreateDirectory($folder)
        & icacls.exe $folder /inheritance:r /grant:r '*S-1-5-32-544:(OI)(CI)F' '*S-1-5-18:(OI)(CI)F' | Out-Null
        if ($LASTEXITCODE -ne 0) { throw "icacls ended with $LASTEXITCODE" }
        $open = @(Get-NetFirewallRule -PolicyStore PersistentStore | Where-Object { Test-Closing $_ })
        $before = [Collections.Generic.List[string]]::new()
        if ([IO.File]::Exists((Join-State before))) {
            $before.AddRange([string[]] [IO.File]::ReadAllLines((Join-State before)))
        } else {
            [IO.File]::Delete((Join-State snapshot.wfw))
            & netsh.exe advfirewall export (Join-State snapshot.wfw) | Out-Null
            if ($LASTEXITCODE -ne 0) { throw "netsh advfirewall export ended with $LASTEXITCODE" }
            Get-NetFirewallProfile -PolicyStore PersistentStore -Name {{Profiles}} | ForEach-Object {
                $before.Add("profile $($_.Name) $($_.Enabled) $($_.DefaultInboundAction) $($_.DefaultOutboundAction) $($_.AllowInboundRules) $($_.NotifyOnListen)")
            }
        }
        foreach ($rule in $open) { if (-not $before.Contains('rule ' + $rule.Name)) { $before.Add('rule ' + $rule.Name) } }
        Write-State before $before
        $end = [DateTimeOffset]::UtcNow.AddSeconds({{Seconds(rollbackAfter)}})
        [IO.File]::Delete((Join-State undone))
        Write-State pending $end.ToUnixTimeSeconds()
        [IO.File]::Delete((Join-State confirmed))
        {{Arm}}
        Write-State record {{PowerShellText.Quote(record.ToJson())}}
        {{Load(record.LockId)}}
        """;

    /// <summary>Makes the lock again that was captured: confirmed, or to end at the time it had.</summary>
    public string Return(IngressRecord record, string rules, long? opensAt) => $$"""
        {{Prelude}}
        $rules = @'
        {{rules}}
        '@
        $open = @()
        {{(opensAt is { } end ? $"Write-State pending {Number(end)}" : "Write-State confirmed 1; [IO.File]::Delete((Join-State pending)); Remove-WayBack")}}
        Write-State record {{PowerShellText.Quote(record.ToJson())}}
        {{Load(record.LockId)}}
        """;

    public string Confirm => $$"""
        {{Prelude}}
        if (@(Get-Ours).Count -eq 0) { exit {{NotLocked}} }
        try { [IO.File]::Move((Join-State pending), (Join-State confirmed)) } catch { exit {{NotLocked}} }
        Remove-WayBack
        """;

    /// <summary>The marker first: what is begun, the task ends, should this process not. No lock is no error.</summary>
    public string Restore => $$"""
        {{Prelude}}
        {{OpenDoor}}
        if ([IO.Directory]::Exists($folder)) {
            try { [IO.File]::Move((Join-State pending), (Join-State undone)) } catch { [IO.File]::WriteAllText((Join-State undone), '') }
        }
        Open-Door
        Remove-WayBack
        """;

    /// <summary>One line a fact, as <see cref="WindowsFirewallStatus"/> reads them.</summary>
    public string Read => $$"""
        {{Prelude}}
        Get-NetFirewallProfile -PolicyStore ActiveStore -Name {{Profiles}} | ForEach-Object { [Console]::Out.WriteLine("profile $($_.Name) $($_.Enabled) $($_.DefaultInboundAction)") }
        Get-NetFirewallRule -PolicyStore PersistentStore | ForEach-Object {
            if ($_.Name -like '{{WindowsFirewallRules.Prefix}}*') { [Console]::Out.WriteLine('ours ' + $_.Name) }
            elseif (Test-Opening $_ 'Inbound') { [Console]::Out.WriteLine('open ' + $_.DisplayName) }
        }
        foreach ($name in 'pending', 'record') {
            if ([IO.File]::Exists((Join-State $name))) { [Console]::Out.WriteLine($name + ' ' + [IO.File]::ReadAllText((Join-State $name)).Trim()) }
        }
        """;

    public string ReadRules => $$"""
        {{Prelude}}
        [Console]::Out.Write([IO.File]::ReadAllText((Join-State rules)))
        """;

    /// <summary>
    /// What the task runs from the moment of the lock, again at its end, and after a boot. By the clock, not by its own time:
    /// a computer that slept opens when it wakes. Who cannot read the end asks again, for somebody may just write it; and opens
    /// when it stays so: nobody would know when, and a door that opens is the promise.
    /// </summary>
    public string WayBack => $$"""
        {{Prelude}}
        {{OpenDoor}}
        for ($failures = 0; $failures -lt {{UnreadableTries}}; ) {
            try {
                $end = [long] [IO.File]::ReadAllText((Join-State pending)).Trim()
                if ([DateTimeOffset]::UtcNow.ToUnixTimeSeconds() -ge $end) { break }
                $failures = 0
            } catch {
                if (-not [IO.File]::Exists((Join-State pending)) -and ([IO.File]::Exists((Join-State confirmed)) -or [IO.File]::Exists((Join-State undone)))) { break }
                $failures++
            }
            [Threading.Thread]::Sleep(500)
        }
        try { [IO.File]::Move((Join-State pending), (Join-State undone)) } catch { if ([IO.File]::Exists((Join-State pending))) { [IO.File]::WriteAllText((Join-State undone), '') } }
        if (-not [IO.File]::Exists((Join-State undone))) { exit 0 }
        Open-Door
        Remove-WayBack
        """;

    private string Prelude => $$"""
        $ErrorActionPreference = 'Stop'
        $ProgressPreference = 'SilentlyContinue'
        [Console]::OutputEncoding = [Text.UTF8Encoding]::new($false)
        $folder = {{PowerShellText.Quote(options.StateDirectory)}}
        function Join-State([string] $name) { [IO.Path]::Combine($folder, $name) }
        function Write-State([string] $name, [string[]] $lines) {
            [IO.File]::WriteAllLines((Join-State "$name.new"), $lines)
            if ([IO.File]::Exists((Join-State $name))) { [IO.File]::Replace((Join-State "$name.new"), (Join-State $name), [NullString]::Value) }
            else { [IO.File]::Move((Join-State "$name.new"), (Join-State $name)) }
        }
        function Test-Opening($rule, [string] $direction) { "$($rule.Enabled)" -eq 'True' -and "$($rule.Action)" -eq 'Allow' -and "$($rule.Direction)" -eq $direction }
        function Get-Ours { Get-NetFirewallRule -PolicyStore PersistentStore | Where-Object { $_.Name -like '{{WindowsFirewallRules.Prefix}}*' } }
        function Remove-WayBack {
            Get-ScheduledTask -TaskPath '{{TaskPath}}' -TaskName '{{TaskName}}' -ErrorAction SilentlyContinue | Unregister-ScheduledTask -Confirm:$false
        }
        """;

    // Each rule by its object: a name in brackets would be a pattern.
    private static string OpenDoor => """
        function Open-Door {
            if ([IO.File]::Exists((Join-State before))) {
                $names = [Collections.Generic.HashSet[string]]::new()
                foreach ($line in [IO.File]::ReadAllLines((Join-State before))) {
                    if ($line.StartsWith('rule ')) { $null = $names.Add($line.Substring(5)) }
                    elseif ($line.StartsWith('profile ')) {
                        $null, $name, $enabled, $in, $out, $allow, $notify = $line.Split(' ')
                        Set-NetFirewallProfile -PolicyStore PersistentStore -Name $name -Enabled $enabled -DefaultInboundAction $in -DefaultOutboundAction $out -AllowInboundRules $allow -NotifyOnListen $notify
                    }
                }
                $closed = @(Get-NetFirewallRule -PolicyStore PersistentStore | Where-Object { $names.Contains($_.Name) })
                if ($closed.Count -gt 0) { $closed | Enable-NetFirewallRule }
            }
            $ours = @(Get-Ours)
            if ($ours.Count -gt 0) { $ours | Remove-NetFirewallRule }
            if ([IO.Directory]::Exists($folder)) {
                foreach ($name in 'before', 'rules', 'record', 'pending', 'confirmed', 'undone') { [IO.File]::Delete((Join-State $name)) }
            }
        }
        """;

    // Started now, at its end, and at a boot; one at a time.
    private string Arm => $$"""
        $null = Register-ScheduledTask -Force -TaskPath '{{TaskPath}}' -TaskName '{{TaskName}}' `
            -Description 'Opens the network ingress lock unless it is confirmed.' `
            -Action (New-ScheduledTaskAction -Execute {{PowerShellText.Quote(options.PowerShellProgram)}} -Argument '-NoProfile -NonInteractive -EncodedCommand {{PowerShellText.Encode(WayBack)}}') `
            -Trigger @((New-ScheduledTaskTrigger -Once -At $end.LocalDateTime), (New-ScheduledTaskTrigger -AtStartup)) `
            -Principal (New-ScheduledTaskPrincipal -UserId 'S-1-5-18' -LogonType ServiceAccount -RunLevel Highest) `
            -Settings (New-ScheduledTaskSettingsSet -AllowStartIfOnBatteries -DontStopIfGoingOnBatteries -StartWhenAvailable -MultipleInstances IgnoreNew -ExecutionTimeLimit ([TimeSpan]::Zero) -RestartCount 10 -RestartInterval ([TimeSpan]::FromMinutes(1)))
        Start-ScheduledTask -TaskPath '{{TaskPath}}' -TaskName '{{TaskName}}'
        """;

    // A group policy may say otherwise than the profiles here: what counts is what is active.
    private static string Load(string lockId) => $$"""
        Write-State rules $rules
        & ([scriptblock]::Create($rules))
        if ($open.Count -gt 0) { $open | Disable-NetFirewallRule }
        $old = @(Get-Ours | Where-Object { $_.Name -notlike '{{WindowsFirewallRules.Prefix}}{{lockId}}-*' })
        if ($old.Count -gt 0) { $old | Remove-NetFirewallRule }
        Get-NetFirewallProfile -PolicyStore ActiveStore -Name {{Profiles}} | ForEach-Object {
            if ("$($_.Enabled)" -ne 'True' -or "$($_.DefaultInboundAction)" -ne 'Block') { throw "The profile $($_.Name) is not closed: a group policy decides otherwise." }
        }
        """;

    private static string Seconds(TimeSpan time) => Number((long)time.TotalSeconds);

    private static string Number(long number) => number.ToString(CultureInfo.InvariantCulture);
}
