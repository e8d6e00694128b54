using System.Runtime.CompilerServices;
using System.Text.Json;
using Tunnel.Core.Api;
using Tunnel.Core.Applications;

namespace Tunnel.Core.Identity;

/// <summary>The identity providers of one account, by what people call them: name or id.</summary>
public sealed class IdentityProviderCatalog(TunnelApiClient api, string accountId)
{
    private const string OneTimePin = "onetimepin";

    /// <summary>Those of that name or id; all of them when null.</summary>
    public async IAsyncEnumerable<IdentityProvider> ListAsync(
        string? identity = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await foreach (IdentityProvider provider in api.IdentityProviders.ListAsync(accountId, cancellationToken).ConfigureAwait(false))
        {
            if (identity is null || provider.Id == identity || IsSame(provider.Name, identity))
            {
                yield return provider;
            }
        }
    }

    /// <summary>The one provider of that name or id.</summary>
    /// <exception cref="ResourceNotFoundException">There is none.</exception>
    /// <exception cref="ResourceConflictException">There are several of that name.</exception>
    public async Task<IdentityProvider> GetAsync(string identity, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(identity);
        IdentityProvider? found = null;
        await foreach (IdentityProvider provider in ListAsync(identity, cancellationToken).ConfigureAwait(false))
        {
            found = found is null ? provider : throw new ResourceConflictException(
                $"Several identity providers are called '{identity}'. Name one by its id.");
        }

        return found ?? throw new ResourceNotFoundException(
            $"The account has no identity provider '{identity}'. Create it with New-AccessIdentityProvider.");
    }

    /// <summary>
    /// The provider as asked for: the one that is there already, or a new one. Secrets cannot be compared: the one that
    /// is there stays.
    /// </summary>
    /// <returns>The provider, and whether it is new.</returns>
    /// <exception cref="ResourceConflictException">A provider of that name has other settings.</exception>
    public async Task<(IdentityProvider Provider, bool IsNew)> EnsureAsync(
        IdentityProvider wanted, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(wanted);
        await foreach (IdentityProvider existing in ListAsync(cancellationToken: cancellationToken).ConfigureAwait(false))
        {
            if (IsSame(existing.Name, wanted.Name))
            {
                return Fits(existing, wanted) ? (existing, false) : throw new ResourceConflictException(
                    $"The account has an identity provider '{existing.Name}' with other settings. "
                    + "Change it with Set-AccessIdentityProvider.");
            }

            if (existing.Type == OneTimePin && wanted.Type == OneTimePin)
            {
                throw new ResourceConflictException(
                    $"The account mails one-time PINs already, as '{existing.Name}', and can do so only once. "
                    + "Give it another name with Set-AccessIdentityProvider -NewName.");
            }
        }

        return (await api.IdentityProviders.CreateAsync(accountId, wanted, cancellationToken).ConfigureAwait(false), true);
    }

    /// <summary>Replaces the provider that has the id. Without a client secret the one that is there stays.</summary>
    public Task<IdentityProvider> UpdateAsync(IdentityProvider provider, CancellationToken cancellationToken) =>
        api.IdentityProviders.UpdateAsync(accountId, provider, cancellationToken);

    public Task RemoveAsync(string identityProviderId, CancellationToken cancellationToken) =>
        api.IdentityProviders.DeleteAsync(accountId, identityProviderId, cancellationToken);

    /// <summary>The hostnames of the applications that offer nothing but this provider: nobody could sign in there without it.</summary>
    public async Task<IReadOnlyList<string>> ListDependentAsync(string identityProviderId, CancellationToken cancellationToken)
    {
        var hostnames = new List<string>();
        await foreach (AccessApplication application in api.Applications
            .ListAsync(accountId, cancellationToken: cancellationToken).ConfigureAwait(false))
        {
            if (application.AllowedIdps is { Count: > 0 } allowed && allowed.All(id => IsSame(id, identityProviderId)))
            {
                hostnames.Add(application.Domain ?? application.Name ?? application.Id);
            }
        }

        return hostnames;
    }

    /// <summary>What was not asked for may be anything.</summary>
    private static bool Fits(IdentityProvider existing, IdentityProvider wanted)
    {
        (IdentityProviderConfig has, IdentityProviderConfig asked) = (existing.Config, wanted.Config);
        return existing.Type == wanted.Type
            && Fits(has.ClientId, asked.ClientId)
            && Fits(has.AuthUrl, asked.AuthUrl)
            && Fits(has.TokenUrl, asked.TokenUrl)
            && Fits(has.CertsUrl, asked.CertsUrl)
            && Fits(has.EmailClaimName, asked.EmailClaimName)
            && (asked.PkceEnabled is null || has.PkceEnabled == asked.PkceEnabled)
            && (asked.Scopes is null || has.Scopes?.SequenceEqual(asked.Scopes) == true)
            && (asked.Claims is null || has.Claims?.SequenceEqual(asked.Claims) == true)
            && (asked.Other ?? new Dictionary<string, JsonElement>()).All(setting =>
                has.Other?.TryGetValue(setting.Key, out JsonElement value) == true && JsonElement.DeepEquals(value, setting.Value));
    }

    private static bool Fits(string? has, string? asked) => asked is null || has == asked;

    private static bool IsSame(string? left, string? right) => string.Equals(left, right, StringComparison.OrdinalIgnoreCase);
}
