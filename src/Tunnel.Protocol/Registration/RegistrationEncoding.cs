using System.Net;
using Tunnel.Protocol.CapnProto;

namespace Tunnel.Protocol.Registration;

/// <summary>
/// The structs of tunnelrpc.capnp (file 0xdb8274f9144abc7e), each with a reader and a writer. The offsets are those that
/// <c>capnp compile -ocapnp</c> prints for the schema.
/// </summary>
internal static class RegistrationEncoding
{
    private const int GuidBytes = 16;
    private const ushort ErrorTag = 0;
    private const ushort DetailsTag = 1;
    private const long NanosecondsPerTick = 100;

    public static void WriteRequest(PointerBuilder pointer, RegistrationRequest request)
    {
        var parameters = pointer.InitStruct(1, 3);
        parameters.SetByte(0, request.ConnectionIndex);
        var auth = parameters.InitStruct(0, 0, 2);
        auth.SetText(0, request.Auth.AccountTag);
        auth.SetData(1, request.Auth.TunnelSecret);
        WriteGuid(parameters, 1, request.TunnelId);
        WriteOptions(parameters.InitStruct(2, 1, 2), request.Options);
    }

    public static RegistrationRequest ReadRequest(StructReader parameters)
    {
        var auth = parameters.GetStruct(0);
        return new RegistrationRequest(
            new TunnelAuth(auth.GetText(0), auth.GetData(1).ToArray()),
            ReadGuid(parameters, 1, "tunnelId"),
            parameters.GetByte(0),
            ReadOptions(parameters.GetStruct(2)));
    }

    /// <summary>The results of <c>registerConnection</c>: a struct around <c>ConnectionResponse</c>, a union.</summary>
    public static void WriteDetails(StructBuilder results, ConnectionDetails details)
    {
        var response = results.InitStruct(0, 1, 1);
        response.SetUInt16(0, DetailsTag);
        var body = response.InitStruct(0, 1, 2);
        WriteGuid(body, 0, details.ConnectionId);
        body.SetText(1, details.LocationName);
        body.SetBool(0, details.IsRemotelyManaged);
    }

    public static void WriteError(StructBuilder results, RegistrationException error)
    {
        var response = results.InitStruct(0, 1, 1);
        response.SetUInt16(0, ErrorTag);
        var body = response.InitStruct(0, 2, 1);
        body.SetText(0, error.Cause);
        var ticks = Math.Clamp(error.RetryAfter.Ticks, 0, long.MaxValue / NanosecondsPerTick);
        body.SetUInt64(0, (ulong)(ticks * NanosecondsPerTick));
        body.SetBool(64, error.ShouldRetry);
    }

    /// <exception cref="RegistrationException">The response is an error.</exception>
    public static ConnectionDetails ReadResponse(StructReader results)
    {
        var response = results.GetStruct(0);
        var body = response.GetStruct(0);
        switch (response.GetUInt16(0))
        {
            case DetailsTag:
                return new ConnectionDetails(ReadGuid(body, 0, "uuid"), body.GetText(1), body.GetBool(0));
            case ErrorTag:
                var nanoseconds = Math.Max(0, (long)body.GetUInt64(0));
                throw new RegistrationException(
                    body.GetText(0), body.GetBool(64), new TimeSpan(nanoseconds / NanosecondsPerTick));
            default:
                throw new CapnProtoException("A ConnectionResponse is neither details nor an error.");
        }
    }

    /// <summary>The parameters of <c>updateLocalConfiguration</c>.</summary>
    public static void WriteConfiguration(PointerBuilder pointer, ReadOnlySpan<byte> json) =>
        pointer.InitStruct(0, 1).SetData(0, json);

    public static ReadOnlyMemory<byte> ReadConfiguration(StructReader parameters) => parameters.GetData(0);

    private static void WriteOptions(StructBuilder body, ConnectionOptions options)
    {
        var client = body.InitStruct(0, 0, 4);
        WriteGuid(client, 0, options.Client.ClientId);
        var features = client.GetPointer(1).InitList(ElementSize.Pointer, options.Client.Features.Count);
        for (var i = 0; i < features.Count; i++)
        {
            features.GetPointer(i).SetText(options.Client.Features[i]);
        }

        client.SetText(2, options.Client.Version);
        client.SetText(3, options.Client.Arch);
        body.SetData(1, options.OriginLocalIp is { } address ? address.GetAddressBytes() : []);
        body.SetBool(0, options.ReplaceExisting);
        body.SetByte(1, options.CompressionQuality);
        body.SetByte(2, options.PreviousAttempts);
    }

    private static ConnectionOptions ReadOptions(StructReader body)
    {
        var client = body.GetStruct(0);
        var list = client.GetList(1);
        var features = new string[list.Count];
        for (var i = 0; i < features.Length; i++)
        {
            features[i] = list.GetText(i);
        }

        return new ConnectionOptions(
            new ClientInfo(ReadGuid(client, 0, "clientId"), features, client.GetText(2), client.GetText(3)),
            ReadAddress(body.GetData(1).Span),
            body.GetBool(0),
            body.GetByte(1),
            body.GetByte(2));
    }

    /// <summary>Go's net.IP: 4 or 16 bytes, an IPv4 address in either form; none where there are none.</summary>
    private static IPAddress? ReadAddress(ReadOnlySpan<byte> bytes) => bytes.Length switch
    {
        0 => null,
        4 => new IPAddress(bytes),
        16 when new IPAddress(bytes) is var address => address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address,
        _ => throw new CapnProtoException("An originLocalIp is neither 4 nor 16 bytes long."),
    };

    private static void WriteGuid(StructBuilder builder, int pointer, Guid value) =>
        builder.SetData(pointer, value.ToByteArray(bigEndian: true));

    private static Guid ReadGuid(StructReader reader, int pointer, string field)
    {
        var bytes = reader.GetData(pointer).Span;
        return bytes.Length == GuidBytes
            ? new Guid(bytes, bigEndian: true)
            : throw new CapnProtoException($"A {field} is not {GuidBytes} bytes long.");
    }
}
