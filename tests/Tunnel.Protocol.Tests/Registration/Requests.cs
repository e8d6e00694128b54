using System.Net;
using CsCheck;
using Tunnel.Protocol.Registration;

namespace Tunnel.Protocol.Tests.Registration;

/// <summary>Requests to register with.</summary>
internal static class Requests
{
    public static RegistrationRequest Typical { get; } = new(
        new TunnelAuth("0123456789abcdef0123456789abcdef", [.. Enumerable.Range(0, 32).Select(i => (byte)i)]),
        Guid.Parse("00112233-4455-6677-8899-aabbccddeeff"),
        3,
        new ConnectionOptions(
            new ClientInfo(
                Guid.Parse("f0e1d2c3-b4a5-9687-7869-5a4b3c2d1e0f"), ["serialized_headers", "other"], "1.2.3", "linux_arm64"),
            IPAddress.Parse("192.0.2.7"),
            ReplaceExisting: true,
            CompressionQuality: 2,
            PreviousAttempts: 5));

    public static Gen<RegistrationRequest> Generate { get; } =
        from account in Gen.String.AlphaNumeric
        from secret in Gen.Byte.Array
        from tunnel in Gen.Guid
        from index in Gen.Byte
        from client in Gen.Guid
        from features in Gen.String.AlphaNumeric.Array[0, 6]
        from version in Gen.String.AlphaNumeric
        from address in Gen.OneOf(
            Gen.Const((IPAddress?)null),
            Gen.Byte.Array[4].Select(b => (IPAddress?)new IPAddress(b)),
            Gen.Byte[1, 255].Array[16].Select(b => (IPAddress?)new IPAddress(b)))
        from replace in Gen.Bool
        from compression in Gen.Byte
        from attempts in Gen.Byte
        select new RegistrationRequest(
            new TunnelAuth(account, secret),
            tunnel,
            index,
            new ConnectionOptions(
                new ClientInfo(client, features, version, "grüße"), address, replace, compression, attempts));

    public static void AssertEqual(RegistrationRequest expected, RegistrationRequest actual)
    {
        Assert.Equal(expected.Options.Client.Features, actual.Options.Client.Features);
        var client = actual.Options.Client with { Features = expected.Options.Client.Features };
        Assert.Equal(expected, actual with { Options = actual.Options with { Client = client } });
    }
}
