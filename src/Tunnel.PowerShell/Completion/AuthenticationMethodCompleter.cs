using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;

namespace Tunnel.PowerShell.Completion;

/// <summary>Completes the ways of RFC 8176 in which people prove who they are.</summary>
public sealed class AuthenticationMethodCompleter : IArgumentCompleter
{
    private static readonly (string Name, string Meaning)[] s_methods =
    [
        ("mfa", "more than one factor"), ("hwk", "a key in hardware"), ("swk", "a key in software"),
        ("otp", "a one-time password"), ("pwd", "a password"), ("pin", "a PIN or pattern"), ("sms", "a text message"),
        ("tel", "a telephone call"), ("fpt", "a fingerprint"), ("face", "the face"), ("iris", "the iris"),
        ("retina", "the retina"), ("vbm", "the voice"), ("sc", "a smart card"), ("kba", "answers to questions"),
        ("mca", "several channels"), ("user", "presence of the user"), ("wia", "Windows sign-in"), ("rba", "rated risk"),
        ("geo", "the place"), ("pop", "possession of a key"),
    ];

    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName,
        string parameterName,
        string wordToComplete,
        CommandAst commandAst,
        IDictionary fakeBoundParameters) =>
        s_methods
            .Where(method => method.Name.StartsWith(wordToComplete ?? string.Empty, StringComparison.OrdinalIgnoreCase))
            .Select(method => new CompletionResult(
                method.Name, method.Name, CompletionResultType.ParameterValue, method.Meaning));
}
