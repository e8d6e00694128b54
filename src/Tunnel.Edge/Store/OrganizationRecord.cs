namespace Tunnel.Edge.Store;

/// <summary>The Zero Trust organisation of an account: the name and address of its sign-in.</summary>
public sealed record OrganizationRecord
{
    // Made at the first look; a copy with another document makes its own.
    private OrganizationSettings? _settings;

    /// <summary>The owning account.</summary>
    public required string AccountId { get; init; }

    /// <summary>As people see it on the sign-in page.</summary>
    public required string Name { get; init; }

    /// <summary>The host that signs people in and issues tokens, such as <c>team.cloudflareaccess.com</c>.</summary>
    public required string AuthDomain { get; init; }

    /// <summary>How long a sign-in lasts where an application sets nothing; null for the default of 24 hours.</summary>
    public string? SessionDuration { get; init; }

    /// <summary>The whole JSON object as a client last wrote it, with the properties that the edge does not know.</summary>
    public required string Document
    {
        get;
        init
        {
            field = value;
            _settings = null;
        }
    }

    /// <summary>The settings that decide how visitors are met.</summary>
    public OrganizationSettings Settings => _settings ??= OrganizationSettings.Read(Document);

    /// <summary>When it was made.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When it was last changed.</summary>
    public required DateTimeOffset UpdatedAt { get; init; }
}
