namespace Tunnel.Core.Api;

/// <summary><c>accounts/{account}/access/certificates</c>: authorities for client certificates.</summary>
public sealed class CertificatesApi
{
    private readonly ApiTransport _transport;

    internal CertificatesApi(ApiTransport transport) => _transport = transport;

    public IAsyncEnumerable<AccessCertificate> ListAsync(string accountId, CancellationToken cancellationToken = default) =>
        _transport.ListAsync(Path(accountId), new ApiQuery(), ApiJson.Default.AccessCertificate, cancellationToken);

    public Task<AccessCertificate> GetAsync(
        string accountId, string certificateId, CancellationToken cancellationToken = default) => _transport.SendAsync(
            HttpMethod.Get, Path(accountId, certificateId), ApiJson.Default.AccessCertificate, cancellationToken);

    /// <summary>Adds an authority by its certificate.</summary>
    public Task<AccessCertificate> CreateAsync(
        string accountId, AccessCertificate certificate, CancellationToken cancellationToken = default) => _transport.SendAsync(
            HttpMethod.Post, Path(accountId), ApiJson.Default.AccessCertificate, cancellationToken,
            ApiTransport.Body(certificate, ApiJson.Default.AccessCertificate, "id", "fingerprint", "expires_on", "created_at", "updated_at"));

    /// <summary>Changes the name and the hostnames of the one that has <see cref="AccessCertificate.Id"/>.</summary>
    public Task<AccessCertificate> UpdateAsync(
        string accountId, AccessCertificate certificate, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(certificate);
        return _transport.SendAsync(
            HttpMethod.Put, Path(accountId, certificate.Id), ApiJson.Default.AccessCertificate, cancellationToken, ApiTransport.Body(
                new AccessCertificate { Name = certificate.Name, AssociatedHostnames = certificate.AssociatedHostnames },
                ApiJson.Default.AccessCertificate, "id"));
    }

    /// <summary>Removes one that has no hostnames any more.</summary>
    public Task DeleteAsync(string accountId, string certificateId, CancellationToken cancellationToken = default) =>
        _transport.SendAsync(HttpMethod.Delete, Path(accountId, certificateId), cancellationToken);

    private static string Path(string accountId) =>
        $"accounts/{ApiQuery.Segment(accountId, nameof(accountId))}/access/certificates";

    private static string Path(string accountId, string certificateId) =>
        $"{Path(accountId)}/{ApiQuery.Segment(certificateId, nameof(certificateId))}";
}
