using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;

namespace Tunnel.PowerShell.Completion;

/// <summary>Completes the short forms of rules; behind group:, email_list:, ip_list:, service_token: and login_method: what the account has.</summary>
public sealed class AccessRuleCompleter : IArgumentCompleter
{
    private static readonly string[] s_forms =
    [
        "everyone", "any_valid_service_token", "certificate", "group:", "email_list:", "ip_list:", "service_token:", "login_method:", "country:",
        "auth_method:", "common_name:",
    ];

    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName,
        string parameterName,
        string wordToComplete,
        CommandAst commandAst,
        IDictionary fakeBoundParameters)
    {
        string word = (wordToComplete ?? string.Empty).Trim('\'', '"');
        int colon = word.IndexOf(':', StringComparison.Ordinal);
        if (colon < 0)
        {
            return s_forms
                .Where(form => form.StartsWith(word, StringComparison.OrdinalIgnoreCase))
                .Select(form => new CompletionResult(form, form, CompletionResultType.ParameterValue, form));
        }

        string selector = word[..colon].ToLowerInvariant();
        AccountCompleter? names = selector switch
        {
            "group" => new GroupNameCompleter(),
            "email_list" or "ip_list" => new ListNameCompleter(),
            "login_method" => new IdentityProviderNameCompleter(),
            "service_token" => new ServiceTokenNameCompleter(),
            _ => null,
        };
        return names is null
            ? []
            : names.CompleteArgument(commandName, parameterName, word[(colon + 1)..], commandAst, fakeBoundParameters)
                .Select(name => Complete($"{selector}:{name.ListItemText}"));
    }

    private static CompletionResult Complete(string rule) => new(
        $"'{CodeGeneration.EscapeSingleQuotedStringContent(rule)}'", rule, CompletionResultType.ParameterValue, rule);
}
