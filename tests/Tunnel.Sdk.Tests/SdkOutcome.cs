using System.Text.Json.Serialization;

namespace Tunnel.Sdk.Tests;

/// <summary>What the script says about one operation: a line of its output.</summary>
/// <param name="Name">The method of the SDK, such as <c>zones.create</c>.</param>
/// <param name="Ok">It was answered, the answer was of the declared type, and it did what it should.</param>
/// <param name="Detail">If not: what was wrong, one thing a line.</param>
/// <param name="Notes">What deserves a look and is no failure, such as properties that the SDK does not declare.</param>
internal sealed record SdkOutcome(
    [property: JsonPropertyName("name")] string Name,
    [property: JsonPropertyName("ok")] bool Ok,
    [property: JsonPropertyName("detail")] string Detail,
    [property: JsonPropertyName("notes")] IReadOnlyList<string> Notes);
