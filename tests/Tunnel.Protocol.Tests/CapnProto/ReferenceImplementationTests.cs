using Tunnel.Protocol.CapnProto;

namespace Tunnel.Protocol.Tests.CapnProto;

/// <summary>Our encoding against that of the reference implementation.</summary>
public sealed class ReferenceImplementationTests
{
    private readonly CapnpTool _capnp = new("CapnProto/shapes.capnp", "Shapes");

    [Fact]
    public void What_capnp_writes_is_read() => Shapes.AssertEqual(MessageReader.Parse(_capnp.Encode(Shapes.Text)).Root);

    [Fact]
    public void What_is_written_capnp_reads_in_one_segment_or_many()
    {
        var expected = _capnp.Decode(_capnp.Encode(Shapes.Text));

        // 1 to 6 words: far pointers nearly everywhere, double-far ones where an object fills its segment.
        foreach (var segmentWords in new int?[] { null, 1, 2, 3, 4, 6, 8, 16, 64 })
        {
            var message = Shapes.Build(segmentWords);

            Assert.Equal(expected, _capnp.Decode(message));
            Shapes.AssertEqual(MessageReader.Parse(message, new ReaderLimits { MaxSegments = 512 }).Root);
        }
    }

    [Fact]
    public void Capnp_converts_many_segments_to_the_one_that_it_writes_itself()
    {
        var expected = _capnp.Convert("binary:canonical", _capnp.Encode(Shapes.Text));

        foreach (var segmentWords in new int?[] { null, 1, 5, 20 })
        {
            Assert.Equal(expected, _capnp.Convert("binary:canonical", Shapes.Build(segmentWords)));
        }

        // Canonical: one segment without a table.
        Shapes.AssertEqual(new MessageReader([expected]).Root);
    }

    [Fact]
    public void A_copy_of_many_segments_is_the_same_to_capnp()
    {
        var copy = new MessageBuilder();
        copy.RootPointer.Copy(MessageReader.Parse(Shapes.Build(3), new ReaderLimits { MaxSegments = 512 }).RootPointer);

        Assert.Equal(_capnp.Decode(Shapes.Build(null)), _capnp.Decode(copy.ToArray()));
    }

    [Fact]
    public void Fields_that_a_shorter_struct_does_not_have_have_the_schema_s_defaults()
    {
        var message = new MessageBuilder();
        message.RootPointer.InitStruct(1, 0);

        Assert.Equal(_capnp.Decode(_capnp.Encode("()")), _capnp.Decode(message.ToArray()));
    }
}
