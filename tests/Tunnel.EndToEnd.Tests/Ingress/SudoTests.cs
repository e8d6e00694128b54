namespace Tunnel.EndToEnd.Tests.Ingress;

/// <summary>Somebody who is not root, with <c>-AsSudo</c>.</summary>
public sealed class SudoTests(NetworkLab lab) : IClassFixture<NetworkLab>, IAsyncLifetime
{
    public ValueTask InitializeAsync()
    {
        Assert.SkipWhen(NetworkLab.Missing is not null, NetworkLab.Missing ?? "");
        Assert.SkipUnless(File.Exists("/usr/bin/sudo"), "needs sudo (Debian: sudo)");
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task An_unprivileged_user_locks_confirms_and_opens_by_sudo()
    {
        await lab.ShellAsync("server", $"cd {lab.Home}; mkdir checkout; chmod a+rx . edge; chmod a+r edge/ca.pem; chown -R nobody .ssh");
        var able = await ExecuteAsNobodyAsync("'able'");
        Assert.SkipUnless(able.Output.StartsWith("able", StringComparison.Ordinal), $"needs a build and a .NET runtime that everybody may run: {able.Error}");

        var refused = await AsNobodyAsync($"Disable-NetworkIngress {NetworkLab.Hostname} -Force");
        Assert.Contains("needs root", refused.Output + refused.Error, StringComparison.Ordinal);
        Assert.Equal("", await lab.RulesetAsync());

        var locked = await AsNobodyAsync($"$null = Disable-NetworkIngress {NetworkLab.Hostname} -Force -AsSudo; (Confirm-NetworkIngress -AsSudo).Status");
        Assert.True(locked.ExitCode == 0, locked.Output + locked.Error);
        Assert.Contains("Closed", locked.Output, StringComparison.Ordinal);
        Assert.False(await lab.AnswersAsync());

        var opened = await AsNobodyAsync("(Enable-NetworkIngress -AsSudo -Confirm:$false).Status");
        Assert.True(opened.ExitCode == 0, opened.Output + opened.Error);
        await lab.MustAnswerAsync();
        Assert.Equal("", await lab.RulesetAsync());
    }

    public async ValueTask DisposeAsync()
    {
        if (NetworkLab.Missing is null)
        {
            await lab.OpenAsync();
        }
    }

    private string InCheckout(string path) => Path.Combine(lab.Home, "checkout", Path.GetRelativePath(Repository.Root, path));

    private Task<Testing.ProcessResult> AsNobodyAsync(string script) =>
        ExecuteAsNobodyAsync($"$ErrorActionPreference = 'Stop'; Import-Module '{InCheckout(Repository.ModuleManifest)}'; {script}");

    // sudo's rules and /run are the lab's own, in a mount namespace: nothing is changed on the machine. The checkout's parts
    // are there as well, because its folder, or one above it, may be closed to others, as root's home is.
    private Task<Testing.ProcessResult> ExecuteAsNobodyAsync(string script) => lab.ExecuteAsync("server", [
        "unshare", "--mount", "sh", "-ec",
        """
        mkdir -p "$0/run" "$0/sudoers"; echo 'nobody ALL=(root) NOPASSWD: ALL' > "$0/sudoers/rule"; chmod 440 "$0/sudoers/rule"; chown -R root:root "$0/sudoers"
        mount --bind "$0/run" /run; mount --bind "$0/sudoers/rule" /etc/sudoers
        for part in "$1"/*; do
            here="$0/checkout/${part##*/}"
            if [ -d "$part" ]; then mkdir -p "$here"; else touch "$here"; fi
            mount --bind "$part" "$here"
        done
        shift; cd /; exec setpriv --reuid=65534 --regid=65534 --clear-groups "$@"
        """,
        lab.Home, Repository.Root, InCheckout(Repository.Shell), "-Command", script]);
}
