using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;

namespace Tunnel.PowerShell.Completion;

/// <summary>Completes with what the account has: runs one of the module's Get cmdlets and offers a property.</summary>
public abstract class AccountCompleter : IArgumentCompleter
{
    /// <summary>The cmdlet that lists, and the property that names.</summary>
    protected abstract (string Command, string Property) Source { get; }

    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName,
        string parameterName,
        string wordToComplete,
        CommandAst commandAst,
        IDictionary fakeBoundParameters)
    {
        (string command, string property) = Source;
        using var shell = System.Management.Automation.PowerShell.Create(RunspaceMode.CurrentRunspace);
        shell.AddCommand($"Tunnel\\{command}")
            .AddParameter("ErrorAction", ActionPreference.Ignore)
            .AddParameter("WarningAction", ActionPreference.Ignore);
        CopyBound(shell, fakeBoundParameters);

        var pattern = new WildcardPattern(Unquote(wordToComplete) + "*", WildcardOptions.IgnoreCase);
        return [.. shell.Invoke()
            .Select(item => item.Properties[property]?.Value as string)
            .OfType<string>()
            .Where(pattern.IsMatch)
            .Distinct(StringComparer.OrdinalIgnoreCase)
            .Order(StringComparer.OrdinalIgnoreCase)
            .Select(name => new CompletionResult(Quote(name), name, CompletionResultType.ParameterValue, name))];
    }

    /// <summary>Which of the parameters already typed narrow the list.</summary>
    protected virtual IEnumerable<string> Narrowing => ["Account"];

    private void CopyBound(System.Management.Automation.PowerShell shell, IDictionary? bound)
    {
        foreach (string name in Narrowing)
        {
            if (bound?[name] is { } value)
            {
                shell.AddParameter(name, value);
            }
        }
    }

    private static string Unquote(string? word) => (word ?? string.Empty).Trim('\'', '"');

    private static string Quote(string name) =>
        name.All(c => char.IsLetterOrDigit(c) || c is '.' or '-' or '_') ? name : $"'{CodeGeneration.EscapeSingleQuotedStringContent(name)}'";
}
