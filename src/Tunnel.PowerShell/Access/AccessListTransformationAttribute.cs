using System.Management.Automation;
using Tunnel.Access;
using Tunnel.Core.Api;
using Tunnel.Core.Applications;

namespace Tunnel.PowerShell.Access;

/// <summary>Takes lists of the account with their items, and hashtables or objects with the columns of one: Name, Item, Type.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class AccessListTransformationAttribute : ArgumentTransformationAttribute
{
    private static readonly string[] s_columns = ["Name", "Item", "Type"];

    public override object Transform(EngineIntrinsics engineIntrinsics, object inputData)
    {
        try
        {
            return Columns.Items(inputData).Select(ToList).ToArray();
        }
        catch (ArgumentException e)
        {
            throw new ArgumentTransformationMetadataException(e.Message, e);
        }
    }

    private static AccessList ToList(object? item)
    {
        if (Columns.Bare(item) is AccessListResource list)
        {
            return KnownList.Of(list);
        }

        IReadOnlyDictionary<string, object?> columns = Columns.Read(item, s_columns, "A list");
        string name = columns.GetValueOrDefault("Name")?.ToString() is { Length: > 0 } given
            ? given : throw new ArgumentTransformationMetadataException(
                "A list needs a Name, by which rules name it: email_list:NAME or ip_list:NAME.");
        string[] values = [.. Columns.Items(columns.GetValueOrDefault("Item")).Select(value => value?.ToString() ?? "")];
        return KnownList.Of(name, columns.GetValueOrDefault("Type")?.ToString(), values);
    }
}
