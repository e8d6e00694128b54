using System.Management.Automation;
using Tunnel.Access;

namespace Tunnel.PowerShell.Access;

/// <summary>Takes the API's names of decisions, such as non_identity, beside PowerShell's.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class AccessDecisionTransformationAttribute : ArgumentTransformationAttribute
{
    public override object Transform(EngineIntrinsics engineIntrinsics, object inputData) =>
        inputData is string text && AccessDecisions.TryParse(text, out AccessDecision decision) ? decision : inputData;
}
