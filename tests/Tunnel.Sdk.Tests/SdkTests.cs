using System.Text.Json;

namespace Tunnel.Sdk.Tests;

/// <summary>
/// Cloudflare's official SDK (the npm package <c>cloudflare</c>), pointed at the embedded edge: it does every operation
/// that the edge serves, and each answer is held to the types that the SDK itself declares. Skipped where Node.js is not
/// installed or its packages cannot be had.
/// </summary>
public sealed class SdkTests(SdkRun run, ITestOutputHelper output) : IClassFixture<SdkRun>
{
    public static TheoryData<string> Served => [.. Operations("served")];

    public static TheoryData<string> NotServed => [.. Operations("notServed")];

    [Theory]
    [MemberData(nameof(Served))]
    public void The_SDK_gets_what_it_declares_from(string operation) => AssertOk(operation);

    [Theory]
    [MemberData(nameof(NotServed))]
    public void What_is_not_served_is_answered_as_an_unknown_route_below(string resource) => AssertOk("not served: " + resource);

    [Fact]
    public void Every_answer_has_the_envelope_of_the_API() => AssertOk("envelopes");

    [Fact]
    public void Every_served_operation_is_one_of_the_SDK() => AssertOk("operations");

    [Fact]
    public void The_comparison_with_the_types_finds_what_is_wrong() => AssertOk("self-test");

    [Fact]
    public void No_exception_from_the_types_is_out_of_date() => AssertOk("exceptions");

    [Fact]
    public void Every_scenario_comes_to_its_end()
    {
        SkipWithoutRun();
        Assert.All(run.Scenarios, scenario => Assert.True(scenario.Ok, $"{scenario.Name}: {scenario.Detail}"));
    }

    private void AssertOk(string name)
    {
        SkipWithoutRun();
        var outcome = run.Of(name);
        output.WriteLine(outcome.Detail);
        foreach (var note in outcome.Notes)
        {
            output.WriteLine(note);
        }

        Assert.True(outcome.Ok, $"{name}: {outcome.Detail}");
    }

    private void SkipWithoutRun() => Assert.SkipWhen(run.SkipReason is not null, run.SkipReason ?? "");

    private static List<string> Operations(string kind)
    {
        using var document = JsonDocument.Parse(File.ReadAllBytes(SdkFolder.OperationsFile));
        var names = document.RootElement.GetProperty(kind);
        return names.ValueKind == JsonValueKind.Array
            ? [.. names.EnumerateArray().Select(n => n.GetString()!)]
            : [.. names.EnumerateObject().Select(n => n.Name)];
    }
}
