using Tunnel.Core.Api;

namespace Tunnel.Core.Applications;

/// <summary>What shall change in an application; what is null stays as it is.</summary>
public sealed record ApplicationChange
{
    /// <summary>The hostname, with an optional path, that takes the place of the first one.</summary>
    public string? Domain { get; init; }

    public string? Name { get; init; }

    /// <summary><c>self_hosted</c> or <c>ssh</c>.</summary>
    public string? Type { get; init; }

    public string? SessionDuration { get; init; }

    /// <summary>Names or ids of identity providers; none: all of the account.</summary>
    public IReadOnlyList<string>? AllowedIdentityProviders { get; init; }

    public bool? AutoRedirectToIdentity { get; init; }
    public bool? ServiceAuth401Redirect { get; init; }
    public string? DenyMessage { get; init; }
    public string? DenyUrl { get; init; }
    public IReadOnlyList<string>? Tags { get; init; }

    /// <summary>
    /// Names or ids of reusable policies, the first one asked first: these it holds from now on, and no other reusable
    /// ones. Its own policies stay, and are asked before them.
    /// </summary>
    public IReadOnlyList<string>? Policies { get; init; }

    /// <summary>The application with the change; policies are not looked at.</summary>
    /// <param name="application">As it is.</param>
    /// <param name="allowedIdps">The ids of <see cref="AllowedIdentityProviders"/>.</param>
    internal AccessApplication ApplyTo(AccessApplication application, IReadOnlyList<string>? allowedIdps) => application with
    {
        Domain = Domain ?? application.Domain,
        SelfHostedDomains = Domain is null
            ? application.SelfHostedDomains
            : application.SelfHostedDomains?.Select(d => IsSame(d, application.Domain) ? Domain : d).ToArray(),
        Destinations = Domain is null
            ? application.Destinations
            : application.Destinations?.Select(d => IsSame(d.Uri, application.Domain) ? d with { Uri = Domain } : d).ToArray(),
        Name = Name ?? application.Name,
        Type = Type ?? application.Type,
        SessionDuration = SessionDuration ?? application.SessionDuration,
        AllowedIdps = allowedIdps ?? application.AllowedIdps,
        AutoRedirectToIdentity = AutoRedirectToIdentity ?? application.AutoRedirectToIdentity,
        ServiceAuth401Redirect = ServiceAuth401Redirect ?? application.ServiceAuth401Redirect,
        CustomDenyMessage = DenyMessage ?? application.CustomDenyMessage,
        CustomDenyUrl = DenyUrl ?? application.CustomDenyUrl,
        Tags = Tags ?? application.Tags,
    };

    /// <summary>Whether the application is already as this asks for; what was not asked for may be anything.</summary>
    internal bool IsMetBy(AccessApplication existing, IReadOnlyList<string>? allowedIdps) =>
        (Name is null || existing.Name == Name)
        && (Type is null || existing.Type == Type)
        && (SessionDuration is null || existing.SessionDuration == SessionDuration)
        && (allowedIdps is null || allowedIdps.ToHashSet(StringComparer.OrdinalIgnoreCase).SetEquals(existing.AllowedIdps ?? []))
        && (AutoRedirectToIdentity ?? existing.AutoRedirectToIdentity) == existing.AutoRedirectToIdentity
        && (ServiceAuth401Redirect ?? existing.ServiceAuth401Redirect) == existing.ServiceAuth401Redirect
        && (DenyMessage ?? existing.CustomDenyMessage) == existing.CustomDenyMessage
        && (DenyUrl ?? existing.CustomDenyUrl) == existing.CustomDenyUrl
        && (Tags is null || Tags.ToHashSet(StringComparer.Ordinal).SetEquals(existing.Tags ?? []));

    // Host names are compared without case (RFC 4343).
    private static bool IsSame(string? left, string? right) =>
        string.Equals(left, right, StringComparison.OrdinalIgnoreCase);
}
