using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Tunnel.Core.Ingress.Nftables;

/// <summary>Reads our table back from the kernel, as <c>nft --json list table</c> prints it (libnftables-json(5)).</summary>
internal sealed partial class NftablesTable
{
    private readonly List<IngressOpening> _openings = [];
    private readonly List<DroppedTraffic> _dropped = [];
    private readonly List<double?> _armed = [];

    public string LockId { get; private set; } = "";

    public bool PersistsOnConfirm { get; private set; }

    public long DroppedPackets { get; private set; }

    public bool LimitsOutbound { get; private set; }

    public IReadOnlyList<IngressOpening> Openings => _openings;

    /// <summary>The most first.</summary>
    public IReadOnlyList<DroppedTraffic> Dropped => [.. _dropped.OrderByDescending(d => d.Packets)];

    /// <summary>Both families are locked.</summary>
    public bool IsArmed => _armed.Count >= 2;

    /// <summary>How long the lock holds yet; null: without end.</summary>
    public TimeSpan? Remaining => _armed.Min() is { } seconds ? TimeSpan.FromSeconds(seconds) : null;

    /// <exception cref="JsonException">It is not what nft prints.</exception>
    public static NftablesTable Parse(string json)
    {
        var table = new NftablesTable();
        using var document = JsonDocument.Parse(json);
        if (!document.RootElement.TryGetProperty("nftables", out var entries) || entries.ValueKind != JsonValueKind.Array)
        {
            throw new JsonException("The output of nft has no list 'nftables'.");
        }

        foreach (var entry in entries.EnumerateArray())
        {
            if (entry.TryGetProperty("rule", out var rule))
            {
                table.ReadRule(rule);
            }
            else if (entry.TryGetProperty("set", out var set) && set.TryGetProperty("elem", out var elements))
            {
                table.ReadSet(set.GetProperty("name").GetString(), elements);
            }
        }

        return table;
    }

    /// <summary>How long the first element of a listed set holds yet; null: there is none with an end.</summary>
    public static TimeSpan? RemainingOf(string listedSet)
    {
        static double Part(Match match, string name) => match.Groups[name] is { Success: true } group
            ? double.Parse(group.Value, NumberStyles.None, CultureInfo.InvariantCulture)
            : 0;
        var ends = Expires().Matches(listedSet).Select(m => TimeSpan.FromDays(Part(m, "d")) + TimeSpan.FromHours(Part(m, "h"))
            + TimeSpan.FromMinutes(Part(m, "m")) + TimeSpan.FromSeconds(Part(m, "s")) + TimeSpan.FromMilliseconds(Part(m, "ms"))).ToList();
        return ends.Count == 0 ? null : ends.Min();
    }

    private void ReadSet(string? name, JsonElement elements)
    {
        foreach (var element in elements.EnumerateArray())
        {
            if (name == "armed")
            {
                _armed.Add(element.ValueKind == JsonValueKind.Object && element.GetProperty("elem").TryGetProperty("expires", out var expires)
                    ? expires.GetDouble()
                    : null);
            }
            else if (name == "dropped" && element.ValueKind == JsonValueKind.Object)
            {
                ReadDropped(element.GetProperty("elem"));
            }
        }
    }

    private void ReadDropped(JsonElement element)
    {
        if (element.GetProperty("val").GetProperty("concat") is { ValueKind: JsonValueKind.Array } parts
            && parts.GetArrayLength() == 2 && element.TryGetProperty("counter", out var counter))
        {
            _dropped.Add(new DroppedTraffic(
                Protocol(parts[0]),
                parts[1].ValueKind == JsonValueKind.Number ? parts[1].GetInt32() : 0,
                counter.GetProperty("packets").GetInt64(),
                counter.GetProperty("bytes").GetInt64()));
        }
    }

    private void ReadRule(JsonElement rule)
    {
        LimitsOutbound |= rule.TryGetProperty("chain", out var chain) && chain.GetString() == "output";
        var comment = rule.TryGetProperty("comment", out var value) ? value.GetString() ?? "" : "";
        if (comment.StartsWith(NftablesScript.LockComment, StringComparison.Ordinal))
        {
            PersistsOnConfirm = comment.EndsWith(NftablesScript.PersistMark, StringComparison.Ordinal);
            LockId = comment[NftablesScript.LockComment.Length..].Replace(NftablesScript.PersistMark, "", StringComparison.Ordinal);
        }
        else if (comment.StartsWith(NftablesScript.OpenComment, StringComparison.Ordinal))
        {
            var opening = IngressOpening.FromComment(comment[NftablesScript.OpenComment.Length..]);
            if (!_openings.Contains(opening))
            {
                _openings.Add(opening);
            }
        }
        else if (comment == NftablesScript.DropComment)
        {
            foreach (var expression in rule.GetProperty("expr").EnumerateArray())
            {
                if (expression.TryGetProperty("counter", out var counter) && counter.ValueKind == JsonValueKind.Object)
                {
                    DroppedPackets += counter.GetProperty("packets").GetInt64();
                }
            }
        }
    }

    // A number where the system has no /etc/protocols.
    private static string Protocol(JsonElement element) => element.ValueKind == JsonValueKind.String
        ? element.GetString()!
        : element.GetRawText() switch
        {
            "6" => "tcp",
            "17" => "udp",
            "33" => "dccp",
            "132" => "sctp",
            "136" => "udplite",
            var number => number,
        };

    // Such as 1m59s988ms.
    [GeneratedRegex(@"expires (?=\d)(?:(?<d>\d{1,9})d)?(?:(?<h>\d{1,9})h)?(?:(?<m>\d{1,9})m(?!s))?(?:(?<s>\d{1,9})s)?(?:(?<ms>\d{1,9})ms)?", RegexOptions.CultureInvariant)]
    private static partial Regex Expires();
}
