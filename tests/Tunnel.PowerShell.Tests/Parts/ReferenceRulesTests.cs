using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Xml.Linq;

namespace Tunnel.PowerShell.Tests.Parts;

/// <summary>Who may refer to whom. Core and Edge meet on the wire only.</summary>
public sealed class ReferenceRulesTests
{
    public static TheoryData<string, string[]> Parts => new()
    {
        { "Tunnel.Protocol", [] },
        { "Tunnel.Access", [] },
        { "Tunnel.Core", ["Tunnel.Protocol", "Tunnel.Access"] },
        { "Tunnel.Edge", ["Tunnel.Protocol", "Tunnel.Access"] },
        { "Tunnel.PowerShell", ["Tunnel.Core", "Tunnel.Edge", "Tunnel.Protocol", "Tunnel.Access"] },
        { "Tunnel.Agent", ["Tunnel.Core", "Tunnel.Edge", "Tunnel.Protocol", "Tunnel.Access"] },
        { "Tunnel.Shell", [] },
    };

    [Theory]
    [MemberData(nameof(Parts))]
    public void A_part_refers_only_to_the_parts_that_it_may(string part, string[] allowed)
    {
        IEnumerable<string> references = XDocument.Load(ProjectFile(part)).Descendants("ProjectReference")
            .Select(reference => Path.GetFileNameWithoutExtension(reference.Attribute("Include")!.Value));

        Assert.Empty(references.Except(allowed));
    }

    [Theory]
    [InlineData("Tunnel.Core", "Tunnel.Edge")]
    [InlineData("Tunnel.Edge", "Tunnel.Core")]
    [InlineData("Tunnel.Protocol", "Tunnel.")]
    [InlineData("Tunnel.Access", "Tunnel.")]
    public void A_built_part_does_not_refer_to(string part, string forbidden)
    {
        using var portable = new PEReader(File.OpenRead(Path.Combine(Repository.EngineFolder, part + ".dll")));
        MetadataReader metadata = portable.GetMetadataReader();

        Assert.DoesNotContain(
            metadata.AssemblyReferences.Select(handle => metadata.GetString(metadata.GetAssemblyReference(handle).Name)),
            name => name.StartsWith(forbidden, StringComparison.Ordinal));
    }

    [Fact]
    public void Every_part_has_its_rule()
    {
        IEnumerable<string?> parts = Directory.GetDirectories(Path.Combine(Repository.Root, "src"), "Tunnel.*").Select(Path.GetFileName);

        Assert.Empty(parts.Except(Parts.Select(row => row.Data.Item1)));
    }

    [Fact]
    public void No_projects_tests_are_missing()
    {
        Assert.All(Parts, row => Assert.True(
            Directory.Exists(Path.Combine(Repository.Root, "tests", row.Data.Item1 + ".Tests")), row.Data.Item1));
    }

    private static string ProjectFile(string part) => Path.Combine(Repository.Root, "src", part, part + ".csproj");
}
