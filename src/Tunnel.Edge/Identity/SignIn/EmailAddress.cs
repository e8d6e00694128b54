using System.Net.Mail;

namespace Tunnel.Edge.Identity.SignIn;

/// <summary>The one reading of a mail address, whoever tells it: what policies are asked about is what the session holds.</summary>
internal static class EmailAddress
{
    /// <summary>
    /// The address in lower case; null for what is none. Other characters than ASCII's are refused: some become a letter of
    /// somebody else's address in lower case.
    /// </summary>
    public static string? Read(string? text) =>
        text is { Length: > 2 and <= 254 } && text.All(c => c is > ' ' and <= '~' and not ('<' or '>' or ',' or '"'))
        && text.Count(c => c == '@') == 1 && MailAddress.TryCreate(text, out var address) && address.Address == text
            ? text.ToLowerInvariant() : null;
}
