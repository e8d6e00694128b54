using System.Globalization;
using System.Text;

namespace Tunnel.Core.Ingress.Windows;

/// <summary>Writes values into a script of Windows PowerShell, which reads its input in a code page: all of it is ASCII.</summary>
internal static class PowerShellText
{
    /// <summary>A string that nothing in it can leave; PowerShell takes typographic quotes for quotes, too.</summary>
    public static string Quote(string text)
    {
        if (text.All(c => c is >= ' ' and <= '~'))
        {
            return $"'{text.Replace("'", "''", StringComparison.Ordinal)}'";
        }

        var parts = new StringBuilder("(-join @(");
        for (var i = 0; i < text.Length; i++)
        {
            parts.Append(i == 0 ? "" : ",").Append(CultureInfo.InvariantCulture, $"[char]{(int)text[i]}");
        }

        return parts.Append("))").ToString();
    }

    /// <summary>As <c>powershell.exe -EncodedCommand</c> takes it.</summary>
    public static string Encode(string script) => Convert.ToBase64String(Encoding.Unicode.GetBytes(script));
}
