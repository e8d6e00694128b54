using System.Text.Json;

namespace Tunnel.Access;

/// <summary>Matches visitors of whom a SAML provider told an attribute, or a list that holds the value.</summary>
/// <param name="AttributeName">The attribute's name; case counts.</param>
/// <param name="AttributeValue">The value; case counts.</param>
/// <param name="IdentityProviderId">The identity provider's id in the API.</param>
public sealed record SamlAttributeRule(string AttributeName, string AttributeValue, string IdentityProviderId)
    : IdentityProviderRule(IdentityProviderId)
{
    /// <inheritdoc/>
    public override string Selector => "saml";

    internal override RuleMatch MatchesSignIn(AccessVisitor visitor) => HasClaim(visitor, AttributeName, AttributeValue);

    internal override void WriteMembers(Utf8JsonWriter writer)
    {
        writer.WriteString("attribute_name", AttributeName);
        writer.WriteString("attribute_value", AttributeValue);
        WriteIdentityProvider(writer);
    }
}
