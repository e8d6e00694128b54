using System.Management.Automation;

namespace Tunnel.PowerShell.Pipeline;

/// <summary>Takes the name or id of an account that the session is connected to for the account.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class ConnectedAccountTransformationAttribute : ArgumentTransformationAttribute
{
    public override object? Transform(EngineIntrinsics engineIntrinsics, object? inputData)
    {
        if ((inputData is PSObject wrapped ? wrapped.BaseObject : inputData) is not string name)
        {
            return inputData;
        }

        using var shell = System.Management.Automation.PowerShell.Create(RunspaceMode.CurrentRunspace);
        PSObject[] found = [.. shell
            .AddCommand("Tunnel\\Get-TunnelAccount")
            .AddParameter("Name", WildcardPattern.Escape(name))
            .Invoke()];
        return found switch
        {
            [var account] => account.BaseObject,
            [] => throw new ArgumentTransformationMetadataException(
                $"This session is connected to no account '{name}'. Get-TunnelAccount shows those that it is connected to."),
            _ => throw new ArgumentTransformationMetadataException(
                $"This session is connected to {found.Length} accounts '{name}': give the id, or the object from Get-TunnelAccount."),
        };
    }
}
