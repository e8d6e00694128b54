using System.Text;

namespace Tunnel.Edge.Mail;

/// <summary>How the edge sends mail: through an SMTP server.</summary>
public sealed record EdgeMailOptions
{
    public required string Host { get; init; }

    /// <summary>465 speaks TLS from the start; on every other port the server must offer STARTTLS.</summary>
    public int Port { get; init; } = 587;

    /// <summary>The address that mail comes from.</summary>
    public required string From { get; init; }

    /// <summary>Null: the server takes mail without a sign-in.</summary>
    public string? UserName { get; init; }

    /// <summary>A secret.</summary>
    public string? Password { get; init; }

    /// <summary>Send in the clear where the server offers no TLS: for a relay on this machine only.</summary>
    public bool AllowPlaintext { get; init; }

    private bool PrintMembers(StringBuilder builder)
    {
        builder.Append(nameof(Host)).Append(" = ").Append(Host).Append(", ").Append(nameof(From)).Append(" = ").Append(From);
        return true;
    }
}
