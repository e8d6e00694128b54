using System.Runtime.CompilerServices;
using Tunnel.Core.Api;

namespace Tunnel.Core.Applications;

/// <summary>The Access applications of one account, by what people call them: hostname, name or id.</summary>
public sealed class ApplicationCatalog(TunnelApiClient api, string accountId)
{
    /// <summary>Those whose hostname, name or id is the given one; all of them when null.</summary>
    public async IAsyncEnumerable<AccessApplication> ListAsync(
        string? identity = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await foreach (AccessApplication application in api.Applications
            .ListAsync(accountId, cancellationToken: cancellationToken).ConfigureAwait(false))
        {
            if (identity is null || Is(application, identity))
            {
                yield return application;
            }
        }
    }

    /// <summary>The one application of that hostname, name or id.</summary>
    /// <exception cref="ResourceNotFoundException">There is none.</exception>
    /// <exception cref="ResourceConflictException">There are several of that name.</exception>
    public async Task<AccessApplication> GetAsync(string identity, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(identity);
        AccessApplication? found = null;
        await foreach (AccessApplication application in ListAsync(identity, cancellationToken).ConfigureAwait(false))
        {
            if (found is not null)
            {
                throw new ResourceConflictException(
                    $"Several Access applications are called '{identity}'. Name one by its hostname or id.");
            }

            found = application;
        }

        return found ?? throw new ResourceNotFoundException(
            $"The account has no Access application '{identity}'. Create it with New-AccessApplication.");
    }

    /// <summary>The application as asked for: the one that is there already, or a new one.</summary>
    /// <exception cref="ResourceConflictException">The hostname has an application with other settings.</exception>
    public async Task<AccessApplication> EnsureAsync(AccessApplication wanted, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(wanted);
        ArgumentException.ThrowIfNullOrWhiteSpace(wanted.Domain);
        await foreach (AccessApplication existing in api.Applications
            .ListAsync(accountId, cancellationToken: cancellationToken).ConfigureAwait(false))
        {
            if (!IsSame(existing.Domain, wanted.Domain))
            {
                continue;
            }

            return Fits(existing, wanted) ? existing : throw new ResourceConflictException(
                $"{wanted.Domain} has an Access application with other settings ('{existing.Name}'). "
                + "Remove it first with Remove-AccessApplication, or use it as it is.");
        }

        return await api.Applications.CreateAsync(accountId, wanted, cancellationToken).ConfigureAwait(false);
    }

    public Task RemoveAsync(string applicationId, CancellationToken cancellationToken) =>
        api.Applications.DeleteAsync(accountId, applicationId, cancellationToken);

    private static bool Is(AccessApplication application, string identity) =>
        IsSame(application.Id, identity) || IsSame(application.Name, identity) || IsSame(application.Domain, identity)
        || application.SelfHostedDomains?.Any(domain => IsSame(domain, identity)) == true;

    /// <summary>What was not asked for may be anything.</summary>
    private static bool Fits(AccessApplication existing, AccessApplication wanted) =>
        (wanted.Name is null || existing.Name == wanted.Name)
        && (wanted.Type is null || existing.Type == wanted.Type)
        && (wanted.SessionDuration is null || existing.SessionDuration == wanted.SessionDuration);

    // Host names are compared without case (RFC 4343).
    private static bool IsSame(string? left, string? right) =>
        string.Equals(left, right, StringComparison.OrdinalIgnoreCase);
}
