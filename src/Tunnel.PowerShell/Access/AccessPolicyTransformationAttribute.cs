using System.Management.Automation;
using Tunnel.Access;
using Tunnel.Core.Applications;

namespace Tunnel.PowerShell.Access;

/// <summary>Takes policies of the account, and hashtables or objects with the columns of one: Name, Decision, Include, ...</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class AccessPolicyTransformationAttribute : ArgumentTransformationAttribute
{
    private static readonly string[] s_columns = ["Name", "Decision", "Include", "Require", "Exclude", "Precedence", "SessionDuration"];

    public override object Transform(EngineIntrinsics engineIntrinsics, object inputData) =>
        Columns.Items(inputData).Select((item, index) => ToPolicy(engineIntrinsics, item, index)).ToArray();

    private static PolicyDefinition ToPolicy(EngineIntrinsics engine, object? item, int index)
    {
        if (Columns.Bare(item) is PolicyDefinition policy)
        {
            return policy;
        }

        IReadOnlyDictionary<string, object?> columns = Columns.Read(item, s_columns, "A policy");
        object decision = columns.GetValueOrDefault("Decision") ?? throw new ArgumentTransformationMetadataException(
            "A policy needs a Decision: Allow, Deny, Bypass or NonIdentity.");
        return new PolicyProposal
        {
            Name = columns.GetValueOrDefault("Name")?.ToString() ?? $"policy {index + 1}",
            Decision = LanguagePrimitives.ConvertTo<AccessDecision>(
                new AccessDecisionTransformationAttribute().Transform(engine, decision)),
            Include = Columns.Rules(engine, columns, "Include"),
            Require = Columns.Rules(engine, columns, "Require"),
            Exclude = Columns.Rules(engine, columns, "Exclude"),
            Precedence = columns.GetValueOrDefault("Precedence") is { } place ? LanguagePrimitives.ConvertTo<int>(place) : null,
            SessionDuration = columns.GetValueOrDefault("SessionDuration")?.ToString(),
        };
    }
}
