using System.Management.Automation;
using System.Net;

namespace Tunnel.PowerShell.Edge;

/// <summary>Reads address:port as people type it.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class EndPointTransformationAttribute : ArgumentTransformationAttribute
{
    public override object Transform(EngineIntrinsics engineIntrinsics, object inputData)
    {
        object input = inputData is PSObject wrapped ? wrapped.BaseObject : inputData;
        if (input is not string text)
        {
            return input;
        }

        // Without a colon it would be read as an address with port 0, which nobody means.
        return text.Contains(':', StringComparison.Ordinal) && IPEndPoint.TryParse(text, out IPEndPoint? endPoint)
            ? endPoint
            : throw new ArgumentTransformationMetadataException($"'{text}' is not address:port, such as 127.0.0.1:8443.");
    }
}
