namespace Tunnel.Edge.Login;

/// <summary>A certificate that was just made.</summary>
/// <param name="TokenId">The identifier of its API token.</param>
/// <param name="Pem">The file's content. A secret.</param>
internal sealed record IssuedCertificate(string TokenId, string Pem)
{
    public override string ToString() => $"IssuedCertificate {{ TokenId = {TokenId} }}";
}
