using System.Management.Automation;

namespace Tunnel.PowerShell.Access;

/// <summary>Takes a credential (client id and secret) where a service token is asked for.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class ServiceTokenTransformationAttribute : ArgumentTransformationAttribute
{
    public override object Transform(EngineIntrinsics engineIntrinsics, object inputData) =>
        (inputData is PSObject wrapped ? wrapped.BaseObject : inputData) is PSCredential credential
            ? AccessServiceToken.From(credential)
            : inputData;
}
