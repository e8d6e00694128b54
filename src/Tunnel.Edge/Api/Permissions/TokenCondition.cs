using System.Net;
using System.Text.Json.Nodes;
using Tunnel.Access;
using Tunnel.Edge.Api.Http;

namespace Tunnel.Edge.Api.Permissions;

/// <summary>From where a token may be used: <c>condition.request_ip</c> with <c>in</c> and <c>not_in</c>.</summary>
internal sealed class TokenCondition(IReadOnlyList<IPNetwork> inside, IReadOnlyList<IPNetwork> outside)
{
    private const int MaxRanges = 200;

    public static TokenCondition None { get; } = new([], []);

    public bool IsNone => inside.Count == 0 && outside.Count == 0;

    /// <summary>Reads the object of a request's body, or of the store; null is no condition.</summary>
    public static TokenCondition Read(JsonObject? json, Func<string, ApiException> invalid)
    {
        if (json is null || new ApiDocument(json, invalid).Object("request_ip") is not { } addresses)
        {
            return None;
        }

        var document = new ApiDocument(addresses, invalid);
        return new TokenCondition(Ranges(document, "in"), Ranges(document, "not_in"));
    }

    public bool Admits(IPAddress? address)
    {
        if (IsNone)
        {
            return true;
        }

        if (address is null)
        {
            return false;
        }

        var plain = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        return (inside.Count == 0 || inside.Any(range => range.Contains(plain))) && !outside.Any(range => range.Contains(plain));
    }

    public JsonObject ToJson()
    {
        var addresses = new JsonObject();
        Add(addresses, "in", inside);
        Add(addresses, "not_in", outside);
        return addresses.Count == 0 ? [] : new JsonObject { ["request_ip"] = addresses };
    }

    private static List<IPNetwork> Ranges(ApiDocument document, string name)
    {
        var texts = document.Texts(name) ?? [];
        return texts.Count > MaxRanges
            ? throw document.Invalid($"{name} has more than {MaxRanges} ranges")
            : [.. texts.Select(text => IpRanges.TryParse(text, out var range)
                ? range : throw document.Invalid($"{name} has an entry that is not an IP address or range"))];
    }

    private static void Add(JsonObject json, string name, IReadOnlyList<IPNetwork> ranges)
    {
        if (ranges.Count > 0)
        {
            json[name] = new JsonArray([.. ranges.Select(range => JsonValue.Create(range.ToString()))]);
        }
    }
}
