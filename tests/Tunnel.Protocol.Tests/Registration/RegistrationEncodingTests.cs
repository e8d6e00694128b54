using System.Net;
using System.Text;
using CsCheck;
using Tunnel.Protocol.CapnProto;
using Tunnel.Protocol.Registration;
using Tunnel.Protocol.Tests.CapnProto;

namespace Tunnel.Protocol.Tests.Registration;

public sealed class RegistrationEncodingTests
{
    private const string Schema = "Registration/registration.capnp";
    private const string Secret = "\"\\x00\\x01\\x02\\x03\\x04\\x05\\x06\\a\\b\\t\\n\\v\\f\\r\\x0e\\x0f"
        + "\\x10\\x11\\x12\\x13\\x14\\x15\\x16\\x17\\x18\\x19\\x1a\\x1b\\x1c\\x1d\\x1e\\x1f\"";

    /// <summary>The typical request, as capnp has it. The identifiers' bytes are in RFC 4122's order.</summary>
    private const string Request =
        "(auth = (account = \"0123456789abcdef0123456789abcdef\", secret = " + Secret + "), "
        + "tunnel = 0x\"00112233445566778899aabbccddeeff\", index = 3, options = ("
        + "client = (id = 0x\"f0e1d2c3b4a5968778695a4b3c2d1e0f\", features = [\"serialized_headers\", \"other\"], "
        + "version = \"1.2.3\", arch = \"linux_arm64\"), originAddress = 0x\"c0000207\", replace = true, "
        + "compression = 2, attempts = 5))";

    [Fact]
    public void A_request_that_capnp_wrote_is_read() =>
        Requests.AssertEqual(Requests.Typical, RegistrationEncoding.ReadRequest(Encoded("RegisterParams", Request)));

    [Fact]
    public void A_request_is_written_as_capnp_writes_it()
    {
        var capnp = new CapnpTool(Schema, "RegisterParams");

        Assert.Equal(
            capnp.Decode(capnp.Encode(Request)),
            capnp.Decode(Built(root => RegistrationEncoding.WriteRequest(root, Requests.Typical))));
    }

    [Theory]
    [InlineData("c0000207", "192.0.2.7")]
    [InlineData("00000000000000000000ffffc0000207", "192.0.2.7")]
    [InlineData("20010db8000000000000000000000001", "2001:db8::1")]
    [InlineData("", null)]
    public void An_origin_s_address_has_4_or_16_bytes_or_none(string hex, string? expected)
    {
        var request = RegistrationEncoding.ReadRequest(
            Encoded("RegisterParams", Request.Replace("c0000207", hex, StringComparison.Ordinal)));

        Assert.Equal(expected is null ? null : IPAddress.Parse(expected), request.Options.OriginLocalIp);
    }

    [Theory]
    [InlineData("00112233445566778899aabbccddeeff", "00112233445566778899aabbccddee")]
    [InlineData("f0e1d2c3b4a5968778695a4b3c2d1e0f", "")]
    [InlineData("c0000207", "c000020700")]
    public void Identifiers_and_addresses_of_another_length_are_refused(string right, string wrong)
    {
        var parameters = Encoded("RegisterParams", Request.Replace(right, wrong, StringComparison.Ordinal));

        Assert.Throws<CapnProtoException>(() => RegistrationEncoding.ReadRequest(parameters));
    }

    [Fact]
    public void Details_pass_both_ways()
    {
        var details = new ConnectionDetails(Guid.Parse("00112233-4455-6677-8899-aabbccddeeff"), "ams01", true);
        const string text = "(response = (outcome = (details = (connection = 0x\"00112233445566778899aabbccddeeff\", "
            + "location = \"ams01\", managedRemotely = true))))";
        var capnp = new CapnpTool(Schema, "RegisterResults");

        Assert.Equal(details, RegistrationEncoding.ReadResponse(Encoded("RegisterResults", text)));
        Assert.Equal(
            capnp.Decode(capnp.Encode(text)),
            capnp.Decode(Built(root => RegistrationEncoding.WriteDetails(root.InitStruct(0, 1), details))));
    }

    [Fact]
    public void An_error_passes_both_ways()
    {
        const string text =
            "(response = (outcome = (error = (cause = \"EDUPCONN\", retryNanoseconds = 1500000000, mayRetry = true))))";
        var capnp = new CapnpTool(Schema, "RegisterResults");

        var read = Assert.Throws<RegistrationException>(
            () => RegistrationEncoding.ReadResponse(Encoded("RegisterResults", text)));
        Assert.Equal(RegistrationException.DuplicateConnection, read.Cause);
        Assert.Equal(TimeSpan.FromSeconds(1.5), read.RetryAfter);
        Assert.True(read.ShouldRetry);
        Assert.Equal(
            capnp.Decode(capnp.Encode(text)),
            capnp.Decode(Built(root => RegistrationEncoding.WriteError(root.InitStruct(0, 1), read))));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(long.MaxValue)]
    [InlineData(long.MinValue)]
    public void Any_time_to_wait_is_written_and_read_without_overflow(long ticks)
    {
        var error = new RegistrationException("busy", shouldRetry: true, new TimeSpan(ticks));
        var bytes = Built(root => RegistrationEncoding.WriteError(root.InitStruct(0, 1), error));

        var read = Assert.Throws<RegistrationException>(
            () => RegistrationEncoding.ReadResponse(MessageReader.Parse(bytes).Root));
        Assert.Equal(Math.Clamp(ticks, 0, long.MaxValue / 100), read.RetryAfter.Ticks);
    }

    [Fact]
    public void A_configuration_passes_both_ways()
    {
        var capnp = new CapnpTool(Schema, "ConfigurationParams");
        var json = "{\"ingress\":[]}"u8.ToArray();

        Assert.Equal(json, RegistrationEncoding.ReadConfiguration(
            Encoded("ConfigurationParams", "(json = \"{\\\"ingress\\\":[]}\")")).ToArray());
        Assert.Equal(
            "(json = \"{\\\"ingress\\\":[]}\")",
            capnp.Decode(Built(root => RegistrationEncoding.WriteConfiguration(root, json))).TrimEnd());
    }

    [Fact]
    public void Every_request_that_is_written_is_read_back() => Requests.Generate.Sample(request =>
        Requests.AssertEqual(
            request,
            RegistrationEncoding.ReadRequest(
                MessageReader.Parse(Built(root => RegistrationEncoding.WriteRequest(root, request))).Root)));

    [Fact]
    public void The_secret_is_in_no_text_of_a_request()
    {
        var request = Requests.Typical with { Auth = new TunnelAuth("tag", Encoding.ASCII.GetBytes("hidden")) };

        Assert.DoesNotContain("hidden", request.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("TunnelSecret", request.ToString(), StringComparison.Ordinal);
        Assert.Contains("tag", request.ToString(), StringComparison.Ordinal);
    }

    private static StructReader Encoded(string type, string text) =>
        MessageReader.Parse(
            new CapnpTool(Schema, type).Encode(text.Replace("0x\"\"", "\"\"", StringComparison.Ordinal))).Root;

    private static byte[] Built(Action<PointerBuilder> write)
    {
        var message = new MessageBuilder();
        write(message.RootPointer);
        return message.ToArray();
    }
}
