using System.Text.Json;
using System.Text.Json.Serialization;

namespace Tunnel.Access;

/// <summary>
/// One selector of a policy: a fact about a visitor that is so or not. <see cref="AccessRuleJson"/> has the API's form,
/// <see cref="AccessRuleText"/> the short form that people type, which <see cref="object.ToString"/> gives back.
/// </summary>
[JsonConverter(typeof(AccessRuleJsonConverter))]
public abstract record AccessRule
{
    /// <summary>The selector's name in the API, such as <c>email_domain</c>.</summary>
    [JsonIgnore]
    public abstract string Selector { get; }

    /// <summary>Why a visitor cannot be told to match or not, as the end of a sentence.</summary>
    internal virtual string WhyUnknown => "this is not known here";

    /// <summary>Whether a visitor matches, as far as what is known of them tells.</summary>
    internal abstract RuleMatch Matches(AccessVisitor visitor);

    /// <summary>Writes the members of the selector's object.</summary>
    internal virtual void WriteMembers(Utf8JsonWriter writer)
    {
    }

    /// <summary>The short form.</summary>
    public sealed override string ToString() => AccessRuleText.Format(this);

    private protected static RuleMatch Match(bool matches) => matches ? RuleMatch.Yes : RuleMatch.No;
}
