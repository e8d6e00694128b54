using System.Globalization;
using System.Management.Automation.Host;
using System.Reflection;

namespace Tunnel.Shell.Hosting;

/// <summary>The host that scripts see as <c>$Host</c>.</summary>
internal sealed class ShellHost : PSHost
{
    private readonly ShellUserInterface _ui = new();

    /// <summary>The argument of the script's <c>exit</c>, if it came to one.</summary>
    public int? ExitCode { get; private set; }

    public override string Name => "tunnel-shell";

    public override Version Version => Assembly.GetExecutingAssembly().GetName().Version ?? new Version(0, 0);

    public override Guid InstanceId { get; } = Guid.NewGuid();

    public override CultureInfo CurrentCulture => CultureInfo.CurrentCulture;

    public override CultureInfo CurrentUICulture => CultureInfo.CurrentUICulture;

    public override PSHostUserInterface UI => _ui;

    public override void SetShouldExit(int exitCode) => ExitCode = exitCode;

    public override void EnterNestedPrompt() =>
        throw new HostException("tunnel-shell runs scripts and has no prompt; use pwsh to debug one.");

    public override void ExitNestedPrompt()
    {
    }

    public override void NotifyBeginApplication()
    {
    }

    public override void NotifyEndApplication()
    {
    }
}
