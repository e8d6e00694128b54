using Tunnel.Access;

namespace Tunnel.Edge.Store;

/// <summary>An Access application: what is locked, and by which policies.</summary>
public sealed record AccessApplicationRecord
{
    // Made at the first look: most records are never evaluated. A copy that changes what they come from makes its own.
    private IReadOnlyList<AccessPolicy>? _policies;
    private AccessApplicationSettings? _settings;

    /// <summary>The application.</summary>
    public required Guid Id { get; init; }

    /// <summary>The owning account.</summary>
    public required string AccountId { get; init; }

    /// <summary>The audience tag of its tokens: 64 hex characters.</summary>
    public required string Aud { get; init; }

    /// <summary>As people see it.</summary>
    public required string Name { get; init; }

    /// <summary><c>self_hosted</c> or <c>ssh</c>.</summary>
    public required string Type { get; init; }

    /// <summary>
    /// What it covers, the primary domain first: a host in lower case, with <c>*</c> as a wildcard, and perhaps a path
    /// (<c>app.example.com/admin</c>).
    /// </summary>
    public required IReadOnlyList<string> Domains { get; init; }

    /// <summary>How long its tokens are valid.</summary>
    public required TimeSpan SessionDuration { get; init; }

    /// <summary>Answer 401 instead of a redirect to the sign-in where a Service Auth policy refuses.</summary>
    public bool ServiceAuth401Redirect { get; init; }

    /// <summary>Its policies by precedence, its own and reusable ones, as they are stored.</summary>
    public IReadOnlyList<AccessPolicyRecord> PolicyRecords
    {
        get;
        init
        {
            field = value;
            _policies = null;
        }
    } = [];

    /// <summary>Its policies by precedence, to be evaluated. None means that nobody gets in.</summary>
    public IReadOnlyList<AccessPolicy> Policies => _policies ??= [.. PolicyRecords.Select(p => p.ToPolicy(Document))];

    /// <summary>The settings that decide how visitors are met.</summary>
    public AccessApplicationSettings Settings => _settings ??= AccessApplicationSettings.Read(Document);

    /// <summary>The JSON object as a client last wrote it, with the properties that the edge does not know.</summary>
    public required string Document
    {
        get;
        init
        {
            field = value;
            (_policies, _settings) = (null, null);
        }
    }

    /// <summary>When it was made.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When it was last changed.</summary>
    public required DateTimeOffset UpdatedAt { get; init; }
}
