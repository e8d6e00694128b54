using System.Management.Automation;
using Tunnel.Access;
using Tunnel.Core.Api;

namespace Tunnel.PowerShell.Access;

/// <summary>Takes groups of the account, and hashtables or objects with the columns of one: Name, Include, Require, Exclude.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class AccessGroupTransformationAttribute : ArgumentTransformationAttribute
{
    private static readonly string[] s_columns = ["Name", "Include", "Require", "Exclude"];

    public override object Transform(EngineIntrinsics engineIntrinsics, object inputData) =>
        Columns.Items(inputData).Select(item => ToGroup(engineIntrinsics, item)).ToArray();

    private static AccessGroup ToGroup(EngineIntrinsics engine, object? item)
    {
        if (Columns.Bare(item) is AccessGroupResource group)
        {
            return group.ToGroup();
        }

        IReadOnlyDictionary<string, object?> columns = Columns.Read(item, s_columns, "A group");
        string name = columns.GetValueOrDefault("Name")?.ToString() is { Length: > 0 } given
            ? given : throw new ArgumentTransformationMetadataException("A group needs a Name, by which rules name it: group:NAME.");
        return new AccessGroup
        {
            Id = name, // as group:NAME has it
            Name = name,
            Include = Columns.Rules(engine, columns, "Include"),
            Require = Columns.Rules(engine, columns, "Require"),
            Exclude = Columns.Rules(engine, columns, "Exclude"),
        };
    }
}
