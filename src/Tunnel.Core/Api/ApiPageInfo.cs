using System.Text.Json;

namespace Tunnel.Core.Api;

/// <summary>An answer's <c>result_info</c>.</summary>
internal sealed record ApiPageInfo(int? Page, int? PerPage, int? TotalCount, int? TotalPages)
{
    public static ApiPageInfo? Read(JsonElement root) =>
        root.TryGetProperty("result_info", out var info) && info.ValueKind == JsonValueKind.Object
            ? new ApiPageInfo(
                Number(info, "page"), Number(info, "per_page"), Number(info, "total_count"), Number(info, "total_pages"))
            : null;

    /// <summary>Whether a page follows this one, which was asked for as <paramref name="page"/>.</summary>
    public bool HasNext(int page, int entries)
    {
        if (TotalPages is { } pages)
        {
            return page < pages;
        }

        if (TotalCount is { } total && PerPage is > 0 and { } perPage)
        {
            return (long)page * perPage < total;
        }

        return PerPage is { } size && entries >= size;
    }

    private static int? Number(JsonElement info, string name) =>
        info.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var n)
            ? n
            : null;
}
