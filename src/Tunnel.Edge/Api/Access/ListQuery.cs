using System.Globalization;
using Tunnel.Edge.Api.Http;
using Tunnel.Edge.Store;

namespace Tunnel.Edge.Api.Access;

/// <summary>The query of the list of lists: <c>type</c>, <c>search</c>, <c>filter=field:value</c>, and the order.</summary>
internal static class ListQuery
{
    public static IEnumerable<AccessListRecord> Apply(ApiRequest request, IEnumerable<AccessListRecord> lists)
    {
        var filters = new ListFilters<AccessListRecord>();
        var given = request.Queries("filter");
        foreach (var filter in given)
        {
            Add(filters, filter);
        }

        if (request.Query("type") is { } type && !given.Any(f => f.StartsWith("type:", StringComparison.Ordinal)))
        {
            Add(filters, "type:" + type, "type");
        }

        if (request.Query("search") is { } search)
        {
            filters.Add(list => Holds(list.Name, search) || Holds(list.Description, search));
        }

        return Ordered(request, filters.Apply(lists));
    }

    private static void Add(ListFilters<AccessListRecord> filters, string filter, string name = "filter")
    {
        var colon = filter.IndexOf(':', StringComparison.Ordinal);
        var value = filter[(colon + 1)..];
        switch (colon < 0 ? "" : filter[..colon])
        {
            case "name":
                filters.Contains(value, list => list.Name);
                break;
            case "id":
                filters.Add(list => Holds(list.Id.ToString("D"), value) || Holds(list.Id.ToString("N"), value));
                break;
            case "type" when ListDocument.IsType(value):
                filters.Exact(value, list => list.Type);
                break;
            case "item_count" when int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var count):
                filters.Add(list => list.Count == count);
                break;
            default:
                throw ApiErrors.InvalidQuery(name);
        }
    }

    private static IEnumerable<AccessListRecord> Ordered(ApiRequest request, IEnumerable<AccessListRecord> lists)
    {
        var field = request.Query("order_by");
        var descending = request.Query("direction") switch
        {
            null => field is "created_at" or "updated_at",
            "asc" => false,
            "desc" => true,
            _ => throw ApiErrors.InvalidQuery("direction"),
        };
        var ordered = field switch
        {
            null or "created_at" => lists.OrderBy(list => list.CreatedAt),
            "updated_at" => lists.OrderBy(list => list.UpdatedAt),
            "name" => lists.OrderBy(list => list.Name, StringComparer.OrdinalIgnoreCase),
            "item_count" => lists.OrderBy(list => list.Count),
            _ => throw ApiErrors.InvalidQuery("order_by"),
        };
        return descending ? ordered.Reverse() : ordered;
    }

    private static bool Holds(string text, string part) => text.Contains(part, StringComparison.OrdinalIgnoreCase);
}
