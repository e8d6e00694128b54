using Tunnel.Protocol.CapnProto;
using Tunnel.Protocol.Rpc;
using Tunnel.Protocol.Rpc.Messages;
using Tunnel.Protocol.Tests.CapnProto;

namespace Tunnel.Protocol.Tests.Rpc;

/// <summary>Our messages as the reference implementation reads them by its own rpc.capnp.</summary>
public sealed class RpcSchemaTests
{
    private const string Schema = "/usr/include/capnp/rpc.capnp";

    private readonly CapnpTool _capnp = new(Schema, "Message");

    public RpcSchemaTests() =>
        Assert.SkipUnless(File.Exists(Schema), $"{Schema} is not installed (Debian: apt-get install libcapnp-dev).");

    [Fact]
    public void Bootstrap() => AssertMeans("(bootstrap = (questionId = 7))", BootstrapMessage.Build(7));

    [Fact]
    public void Call()
    {
        var message = CallMessage.Build(3, MessageTarget.Answer(2), 0xf71695ec7fe85497, 2, out var parameters);
        parameters.InitStruct(0, 1).SetText(0, "x");

        AssertMeans(
            "(call = (questionId = 3, target = (promisedAnswer = (questionId = 2)), interfaceId = 0xf71695ec7fe85497, "
            + "methodId = 2, sendResultsTo = (caller = void), params = (content = <opaque pointer>)))",
            message);
        AssertMeans(
            "(call = (questionId = 3, target = (importedCap = 9), interfaceId = 1, params = ()))",
            CallMessage.Build(3, MessageTarget.Import(9), 1, 0, out _));
    }

    [Fact]
    public void Return()
    {
        AssertMeans(
            "(return = (answerId = 4, releaseParamCaps = true, results = (content = <opaque pointer>, "
            + "capTable = [(senderHosted = 6)])))",
            ReturnMessage.BuildCapability(4, 6));
        AssertMeans(
            "(return = (answerId = 4, exception = (reason = \"no\", type = unimplemented)))",
            ReturnMessage.BuildException(4, RpcExceptionType.Unimplemented, "no"));
        AssertMeans("(return = (answerId = 4, canceled = void))", ReturnMessage.BuildCanceled(4));
    }

    [Fact]
    public void Finish()
    {
        AssertMeans("(finish = (questionId = 5, releaseResultCaps = true))", new FinishMessage(5, true).Build());
        AssertMeans("(finish = (questionId = 5, releaseResultCaps = false))", new FinishMessage(5, false).Build());
    }

    [Fact]
    public void Release() =>
        AssertMeans("(release = (id = 8, referenceCount = 2))", new ReleaseMessage(8, 2).Build());

    [Fact]
    public void Abort() =>
        AssertMeans("(abort = (reason = \"rpc: shutdown\", type = failed))", AbortMessage.Build("rpc: shutdown"));

    [Fact]
    public void Unimplemented() => AssertMeans(
        "(unimplemented = (join = (questionId = 4, target = (importedCap = 2))))",
        Encoded("(join = (questionId = 4, target = (importedCap = 2)))").ToUnimplemented());

    [Fact]
    public void Disembargo() => AssertMeans(
        "(disembargo = (target = (importedCap = 2), context = (receiverLoopback = 11)))",
        DisembargoMessage.BuildReceiverLoopback(
            Encoded("(disembargo = (target = (importedCap = 2), context = (senderLoopback = 11)))").Body)!);

    [Fact]
    public void Calls_are_read_with_their_target()
    {
        Assert.Equal(MessageTarget.Import(3), Target("importedCap = 3"));
        Assert.Equal(MessageTarget.Answer(3), Target("promisedAnswer = (questionId = 3, transform = [(noop = void)])"));
        Assert.Equal(
            new MessageTarget(true, 3, IsTransformed: true),
            Target("promisedAnswer = (questionId = 3, transform = [(noop = void), (getPointerField = 0)])"));
    }

    [Theory]
    [InlineData("cap = (senderHosted = 3)", 3)]
    [InlineData("cap = (senderPromise = 4)", 4)]
    [InlineData("cap = (thirdPartyHosted = (vineId = 5))", 5)]
    [InlineData("cap = (receiverHosted = 6)", null)]
    [InlineData("cap = (none = void)", null)]
    [InlineData("exception = (reason = \"gone\")", null)]
    public void A_resolve_brings_an_import_or_none(string content, int? expected) =>
        Assert.Equal((uint?)expected, ResolveMessage.ReadImport(Encoded($"(resolve = (promiseId = 1, {content}))").Body));

    [Theory]
    [InlineData("canceled = void", RpcExceptionType.Failed)]
    [InlineData("exception = (reason = \"later\", type = overloaded)", RpcExceptionType.Overloaded)]
    [InlineData("resultsSentElsewhere = void", RpcExceptionType.Unimplemented)]
    [InlineData("takeFromOtherQuestion = 3", RpcExceptionType.Unimplemented)]
    public void A_return_without_results_is_an_exception(string content, RpcExceptionType expected)
    {
        var body = Encoded($"(return = (answerId = 1, {content}))").Body;

        Assert.Equal(expected, Assert.Throws<RpcException>(() => ReturnMessage.ReadPayload(body)).Type);
    }

    private RpcMessage Encoded(string text) => new(MessageReader.Parse(_capnp.Encode(text)));

    private MessageTarget? Target(string text) =>
        CallMessage.Read(Encoded($"(call = (questionId = 1, target = ({text})))").Body)?.Target;

    /// <summary>Decoded, the message is what the text is when it is encoded and decoded. capnp cannot encode what it
    /// calls opaque, so that is compared in the decoded text.</summary>
    private void AssertMeans(string text, MessageBuilder message)
    {
        const string opaque = "content = <opaque pointer>";
        Assert.Equal(
            _capnp.Decode(_capnp.Encode(text.Replace(opaque + ", ", "", StringComparison.Ordinal)
                .Replace(opaque, "", StringComparison.Ordinal))),
            _capnp.Decode(message.ToArray()).Replace(opaque + ", ", "", StringComparison.Ordinal)
                .Replace(opaque, "", StringComparison.Ordinal));
    }
}
