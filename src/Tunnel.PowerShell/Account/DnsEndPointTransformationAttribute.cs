using System.Globalization;
using System.Management.Automation;
using System.Net;

namespace Tunnel.PowerShell.Account;

/// <summary>Reads host:port as people type it, one or several.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class DnsEndPointTransformationAttribute : ArgumentTransformationAttribute
{
    public override object Transform(EngineIntrinsics engineIntrinsics, object inputData)
    {
        object input = inputData is PSObject wrapped ? wrapped.BaseObject : inputData;
        return input switch
        {
            string text => Read(text),
            IPEndPoint endPoint => new DnsEndPoint(endPoint.Address.ToString(), endPoint.Port),
            object[] many => many.Select(one => Transform(engineIntrinsics, one)).ToArray(),
            _ => input,
        };
    }

    private static DnsEndPoint Read(string text)
    {
        int colon = text.LastIndexOf(':');
        return colon > 0
            && int.TryParse(text[(colon + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out int port)
            && port is > 0 and <= 65535
            ? new DnsEndPoint(text[..colon].Trim('[', ']'), port)
            : throw new ArgumentTransformationMetadataException($"'{text}' is not host:port, such as edge.example.com:7844.");
    }
}
