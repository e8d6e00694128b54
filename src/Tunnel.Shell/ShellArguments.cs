using System.Management.Automation.Language;

namespace Tunnel.Shell;

/// <summary>What to run: a script file with its arguments, or a text.</summary>
internal sealed class ShellArguments
{
    public const string Usage = """
        usage: tunnel-shell FILE [ARGUMENT | -NAME VALUE | -SWITCH]...
               tunnel-shell -Command TEXT
        """;

    private ShellArguments(string? scriptFile, string? text, string scriptArguments)
    {
        ScriptFile = scriptFile;
        Text = text;
        ScriptArguments = scriptArguments;
    }

    /// <summary>The full path of the script, or null when a text is run.</summary>
    public string? ScriptFile { get; }

    public string? Text { get; }

    /// <summary>The script's arguments as they would stand in a script: names bare, values quoted.</summary>
    public string ScriptArguments { get; }

    /// <summary>A literal of PowerShell's language, whatever the text holds.</summary>
    public static string Quote(string text) => $"'{CodeGeneration.EscapeSingleQuotedStringContent(text)}'";

    /// <exception cref="ArgumentException">Nothing to run, or the script file does not exist.</exception>
    public static ShellArguments Parse(IReadOnlyList<string> arguments)
    {
        if (arguments.Count == 0)
        {
            throw new ArgumentException("tunnel-shell: nothing to run.");
        }

        if (IsOption(arguments[0], "Command"))
        {
            return arguments.Count > 1
                ? new ShellArguments(null, string.Join(' ', arguments.Skip(1)), string.Empty)
                : throw new ArgumentException("tunnel-shell: -Command needs a text.");
        }

        // pwsh's name for it, so that one command line does for both shells.
        int file = IsOption(arguments[0], "File") ? 1 : 0;
        if (file == arguments.Count)
        {
            throw new ArgumentException("tunnel-shell: -File needs a path.");
        }

        string path = Path.GetFullPath(arguments[file]);
        return File.Exists(path)
            ? new ShellArguments(path, null, string.Join(' ', arguments.Skip(file + 1).Select(ToToken)))
            : throw new ArgumentException($"tunnel-shell: there is no script {path}.");
    }

    private static bool IsOption(string argument, string name) =>
        argument.TrimStart('-').Equals(name, StringComparison.OrdinalIgnoreCase) && argument.StartsWith('-');

    /// <summary>
    /// A name stays bare, so that the script's own parameters decide whether it is a switch or takes the next argument.
    /// </summary>
    private static string ToToken(string argument)
    {
        int colon = argument.IndexOf(':', StringComparison.Ordinal);
        string name = colon < 0 ? argument : argument[..colon];
        if (!IsParameterName(name))
        {
            return Quote(argument);
        }

        return colon < 0 ? name : $"{name}:{ToValue(argument[(colon + 1)..])}";
    }

    private static bool IsParameterName(string text) =>
        text.Length > 1 && text[0] == '-' && char.IsLetter(text[1]) && text.Skip(2).All(c => char.IsLetterOrDigit(c) || c == '_');

    /// <summary>-Switch:$false is text on a command line; a switch takes only a truth value.</summary>
    private static string ToValue(string text) =>
        text.Equals("$true", StringComparison.OrdinalIgnoreCase) || text.Equals("$false", StringComparison.OrdinalIgnoreCase)
            ? text
            : Quote(text);
}
