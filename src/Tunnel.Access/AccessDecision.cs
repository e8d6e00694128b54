using System.Text.Json.Serialization;

namespace Tunnel.Access;

/// <summary>What a policy does with a visitor whom its rules match.</summary>
[JsonConverter(typeof(AccessDecisionJsonConverter))]
public enum AccessDecision
{
    /// <summary>Refuses the visitor. The default value: what was never set lets nobody in.</summary>
    Deny,

    /// <summary>Lets in a visitor who has signed in.</summary>
    Allow,

    /// <summary>Lets anyone in who matches, with no sign-in at all.</summary>
    Bypass,

    /// <summary>Lets in a visitor with a valid service token, with no sign-in ("Service Auth").</summary>
    NonIdentity,
}
