namespace Tunnel.Edge.Store;

/// <summary>
/// Ends sessions. What is ended is refused from the next request on, also after a restart, and its open streams are
/// closed within a second. The policies are not touched: who may, can sign in again.
/// </summary>
public interface IAccessSessions
{
    /// <summary>Ends every session of a person, in every application.</summary>
    /// <returns>How many there were.</returns>
    int RevokeUser(string email);

    /// <inheritdoc cref="RevokeUser(string)"/>
    int RevokeUser(Guid userId);

    /// <summary>Ends one session, in every application that it opened.</summary>
    /// <param name="nonce">The <c>identity_nonce</c> of its tokens.</param>
    /// <returns>Whether there was one.</returns>
    bool RevokeSession(string nonce);

    /// <summary>Ends every token of one application, of people and of machines; other applications are not touched.</summary>
    /// <returns>How many sessions of people there were.</returns>
    int RevokeApplication(Guid applicationId);
}
