using System.Collections.ObjectModel;
using System.Management.Automation;
using System.Management.Automation.Host;
using System.Security;

namespace Tunnel.Shell.Hosting;

/// <summary>
/// Output goes to stdout; errors, warnings, verbose, debug and progress go to stderr, so that a script's output can be
/// piped. Colours only on a terminal, and not where NO_COLOR is set (no-color.org).
/// </summary>
internal sealed class ShellUserInterface : PSHostUserInterface
{
    private const string Red = "\e[31;1m";
    private const string Yellow = "\e[33;1m";
    private const string Reset = "\e[0m";

    private readonly ShellRawUserInterface _raw = new();
    private readonly ShellProgress _progress = new();
    private readonly bool _colouredErrors = Colours() && !Console.IsErrorRedirected;

    public override PSHostRawUserInterface RawUI => _raw;

    public override bool SupportsVirtualTerminal { get; } = Colours() && !Console.IsOutputRedirected;

    public override void Write(string value) => Console.Out.Write(GetOutputString(value, SupportsVirtualTerminal));

    public override void Write(ConsoleColor foregroundColor, ConsoleColor backgroundColor, string value) =>
        Console.Out.Write(SupportsVirtualTerminal ? AnsiColours.Foreground(foregroundColor) + value + Reset : value);

    public override void WriteLine(string value) =>
        Console.Out.WriteLine(GetOutputString(value, SupportsVirtualTerminal));

    public override void WriteErrorLine(string value) => WriteAside(value, Red);

    public override void WriteDebugLine(string message) => WriteAside("DEBUG: " + message, Yellow);

    public override void WriteVerboseLine(string message) => WriteAside("VERBOSE: " + message, Yellow);

    public override void WriteWarningLine(string message) => WriteAside("WARNING: " + message, Yellow);

    public override void WriteProgress(long sourceId, ProgressRecord record) => _progress.Show(record);

    public override string ReadLine() => Console.In.ReadLine() ?? throw NotInteractive("input");

    public override SecureString ReadLineAsSecureString() => throw NotInteractive("a secret");

    public override Dictionary<string, PSObject> Prompt(
        string caption, string message, Collection<FieldDescription> descriptions) =>
        throw NotInteractive(string.Join(", ", descriptions.Select(d => d.Name)));

    public override PSCredential PromptForCredential(
        string caption, string message, string userName, string targetName) => throw NotInteractive("a credential");

    public override PSCredential PromptForCredential(
        string caption, string message, string userName, string targetName,
        PSCredentialTypes allowedCredentialTypes, PSCredentialUIOptions options) => throw NotInteractive("a credential");

    public override int PromptForChoice(
        string caption, string message, Collection<ChoiceDescription> choices, int defaultChoice) =>
        throw NotInteractive($"an answer to '{caption} {message}' (give -Confirm:$false if that is meant)");

    private static bool Colours() =>
        string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR"))
        && Environment.GetEnvironmentVariable("TERM") != "dumb";

    private static HostException NotInteractive(string what) =>
        new($"The script asks for {what}, and tunnel-shell runs scripts that need no answer. Pass it as a parameter.");

    private void WriteAside(string text, string colour)
    {
        string plain = GetOutputString(text, supportsVirtualTerminal: _colouredErrors);
        Console.Error.WriteLine(_colouredErrors && !plain.Contains('\e') ? colour + plain + Reset : plain);
    }
}
