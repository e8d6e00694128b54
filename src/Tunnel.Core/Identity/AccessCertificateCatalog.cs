using System.Runtime.CompilerServices;
using Tunnel.Core.Api;
using Tunnel.Core.Applications;

namespace Tunnel.Core.Identity;

/// <summary>The authorities for client certificates of one account, by name or id.</summary>
public sealed class AccessCertificateCatalog(TunnelApiClient api, string accountId)
{
    /// <summary>Those of that name or id; all of them when null.</summary>
    public async IAsyncEnumerable<AccessCertificate> ListAsync(
        string? identity = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await foreach (AccessCertificate certificate in api.Certificates.ListAsync(accountId, cancellationToken).ConfigureAwait(false))
        {
            if (identity is null || IsSame(certificate.Id, identity) || IsSame(certificate.Name, identity))
            {
                yield return certificate;
            }
        }
    }

    /// <summary>The one of that name or id.</summary>
    /// <exception cref="ResourceNotFoundException">There is none.</exception>
    /// <exception cref="ResourceConflictException">There are several of that name.</exception>
    public async Task<AccessCertificate> GetAsync(string identity, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(identity);
        AccessCertificate? found = null;
        await foreach (AccessCertificate certificate in ListAsync(identity, cancellationToken).ConfigureAwait(false))
        {
            found = found is null ? certificate : throw new ResourceConflictException(
                $"Several authorities for client certificates are called '{identity}'. Name one by its id.");
        }

        return found ?? throw new ResourceNotFoundException(
            $"The account has no authority for client certificates '{identity}'. Add it with New-AccessCertificate.");
    }

    /// <summary>The authority as asked for: the one of that name that is there already, or a new one.</summary>
    /// <exception cref="ResourceConflictException">One of that name has another certificate or other hostnames.</exception>
    public async Task<AccessCertificate> EnsureAsync(AccessCertificate wanted, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(wanted);
        string? fingerprint = CertificateFingerprint.Of(wanted.Certificate);
        await foreach (AccessCertificate existing in ListAsync(wanted.Name, cancellationToken).ConfigureAwait(false))
        {
            return CertificateFingerprint.IsSame(existing.Fingerprint, fingerprint)
                && existing.AssociatedHostnames.ToHashSet(StringComparer.OrdinalIgnoreCase).SetEquals(wanted.AssociatedHostnames)
                ? existing
                : throw new ResourceConflictException(
                    $"The account has an authority for client certificates '{existing.Name}' with another certificate or other "
                    + "hostnames. Change the hostnames with Set-AccessCertificate.");
        }

        return await api.Certificates.CreateAsync(accountId, wanted, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Changes the name and the hostnames of the one that has the id.</summary>
    public Task<AccessCertificate> UpdateAsync(AccessCertificate certificate, CancellationToken cancellationToken) =>
        api.Certificates.UpdateAsync(accountId, certificate, cancellationToken);

    /// <summary>Takes its hostnames away, and then removes it: the API removes none that counts somewhere.</summary>
    public async Task RemoveAsync(AccessCertificate certificate, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(certificate);
        if (certificate.AssociatedHostnames.Count > 0)
        {
            await api.Certificates.UpdateAsync(accountId, certificate with { AssociatedHostnames = [] }, cancellationToken).ConfigureAwait(false);
        }

        await api.Certificates.DeleteAsync(accountId, certificate.Id, cancellationToken).ConfigureAwait(false);
    }

    private static bool IsSame(string left, string right) => string.Equals(left, right, StringComparison.OrdinalIgnoreCase);
}
