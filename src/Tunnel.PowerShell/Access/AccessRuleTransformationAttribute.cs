using System.Collections;
using System.Management.Automation;
using Tunnel.Access;
using Tunnel.Core.Api;

namespace Tunnel.PowerShell.Access;

/// <summary>Takes the short texts that people type for rules, service tokens, groups, lists and identity providers, beside rules themselves.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class AccessRuleTransformationAttribute : ArgumentTransformationAttribute
{
    public override object Transform(EngineIntrinsics engineIntrinsics, object inputData)
    {
        object? input = inputData is PSObject wrapped ? wrapped.BaseObject : inputData;
        return input is IEnumerable many and not string
            ? many.Cast<object>().Select(ToRule).ToArray()
            : new[] { ToRule(input) };
    }

    private static AccessRule ToRule(object? item)
    {
        try
        {
            return (item is PSObject wrapped ? wrapped.BaseObject : item) switch
            {
                AccessRule rule => rule,
                AccessServiceToken { Id.Length: > 0 } token => new ServiceTokenRule(token.Id),
                AccessGroupResource { Id.Length: > 0 } group => new GroupRule(group.Id),
                AccessListResource { Id.Length: > 0 } list => list.ToRule() ?? throw new ArgumentTransformationMetadataException(
                    $"No rule of Access names a list of type {list.Type}, as '{list.Name}' is."),
                IdentityProvider { Id.Length: > 0 } provider => new LoginMethodRule(provider.Id),
                string text => AccessRuleText.Parse(text),
                _ => throw new ArgumentTransformationMetadataException(
                    "A rule is a text such as 'everyone', '@example.com', 'alice@example.com' or '10.0.0.0/8', "
                    + "a rule of New-AccessRule, or a service token, group, list or identity provider of the account."),
            };
        }
        catch (AccessRuleFormatException e)
        {
            throw new ArgumentTransformationMetadataException(e.Message, e);
        }
    }
}
