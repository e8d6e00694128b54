using System.Runtime.CompilerServices;
using Tunnel.Core.Api;
using Tunnel.Core.Applications;

namespace Tunnel.Core.Identity;

/// <summary>The authorities for short-lived SSH certificates of one account's applications.</summary>
public sealed class SshAuthorityCatalog(TunnelApiClient api, string accountId)
{
    /// <summary>Every authority whose application there is.</summary>
    public async IAsyncEnumerable<SshCertificateAuthority> ListAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var applications = new Dictionary<string, AccessApplication>(StringComparer.Ordinal);
        await foreach (AccessApplication application in api.Applications
            .ListAsync(accountId, cancellationToken: cancellationToken).ConfigureAwait(false))
        {
            applications[application.Aud ?? ""] = application;
        }

        await foreach (SshAuthority authority in api.SshAuthorities.ListAsync(accountId, cancellationToken).ConfigureAwait(false))
        {
            if (authority.Aud is { } aud && applications.TryGetValue(aud, out AccessApplication? application))
            {
                yield return From(application, authority);
            }
        }
    }

    /// <summary>The authority of an application: the one that is there already, or a new one.</summary>
    public async Task<SshCertificateAuthority> EnsureAsync(AccessApplication application, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(application);
        if (await FindAsync(application, cancellationToken).ConfigureAwait(false) is { } existing)
        {
            return existing;
        }

        return From(application, await api.SshAuthorities
            .CreateAsync(accountId, application.Id, cancellationToken).ConfigureAwait(false));
    }

    /// <exception cref="ResourceNotFoundException">The application has none.</exception>
    public async Task<SshCertificateAuthority> GetAsync(AccessApplication application, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(application);
        return await FindAsync(application, cancellationToken).ConfigureAwait(false) ?? throw new ResourceNotFoundException(
            $"{application.Domain} has no authority for SSH certificates. Create it with New-SshCertificateAuthority.");
    }

    public Task RemoveAsync(string applicationId, CancellationToken cancellationToken) =>
        api.SshAuthorities.DeleteAsync(accountId, applicationId, cancellationToken);

    private async Task<SshCertificateAuthority?> FindAsync(AccessApplication application, CancellationToken cancellationToken)
    {
        try
        {
            return From(application, await api.SshAuthorities
                .GetAsync(accountId, application.Id, cancellationToken).ConfigureAwait(false));
        }
        catch (TunnelApiException e) when (e.IsNotFound)
        {
            return null;
        }
    }

    private static SshCertificateAuthority From(AccessApplication application, SshAuthority authority) => new(
        application.Domain ?? "", application.Id, authority.Id, authority.Aud ?? "", authority.PublicKey ?? "");
}
