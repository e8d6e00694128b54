namespace Tunnel.Edge.Login;

/// <summary>A person who has signed in to answer one login.</summary>
/// <param name="Id">The value of the cookie.</param>
/// <param name="Request">What they answer.</param>
/// <param name="TokenId">The API token that they signed in with.</param>
/// <param name="Until">When they have to sign in again.</param>
internal sealed record LoginSession(string Id, LoginRequest Request, string TokenId, DateTimeOffset Until)
{
    /// <summary>What they answered; null as long as they have not.</summary>
    public LoginAnswer? Answer { get; init; }

    /// <summary>Without the cookie's value.</summary>
    public override string ToString() => $"LoginSession {{ Key = {Request.Slot.Key.Fingerprint} }}";
}
