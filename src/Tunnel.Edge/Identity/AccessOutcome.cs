using Tunnel.Access;
using Tunnel.Edge.Store;

namespace Tunnel.Edge.Identity;

/// <summary>What Access says to one request: go on, with these facts for the origin, or no, with this answer.</summary>
internal abstract record AccessOutcome
{
    private AccessOutcome()
    {
    }

    /// <summary>No application covers the hostname.</summary>
    internal sealed record Unprotected : AccessOutcome;

    /// <summary>Let in.</summary>
    /// <param name="Identity">Null when a bypass policy let everybody in.</param>
    /// <param name="SessionDuration">How long a token for this visitor is valid.</param>
    /// <param name="SetsCookie">The proof was not the application's own token, so the visitor is given it.</param>
    /// <param name="IsUnasked">The policies had no say.</param>
    internal sealed record Granted(AccessApplicationRecord Application, VerifiedIdentity? Identity, TimeSpan SessionDuration, bool SetsCookie,
        bool IsUnasked = false) : AccessOutcome
    {
        /// <summary>What the policies were told.</summary>
        public AccessVisitor Visitor { get; init; } = new();

        /// <summary>What the visitor's connection showed; null where no certificate was asked for.</summary>
        public ShownCertificate? Shown { get; init; }
    }

    /// <summary>Not let in: 401 or 403.</summary>
    /// <param name="Location">Where the application's owner wants browsers to go instead.</param>
    internal sealed record Refused(int Status, string Message, Uri? Location = null) : AccessOutcome;

    /// <summary>Not let in as nobody: a sign-in could change that.</summary>
    /// <param name="Certificate">What the visitor's client certificate is worth; null where none was asked for.</param>
    internal sealed record SignIn(AccessApplicationRecord Application, VisitorCertificate? Certificate) : AccessOutcome;
}
