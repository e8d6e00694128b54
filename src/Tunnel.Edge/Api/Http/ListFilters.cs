namespace Tunnel.Edge.Api.Http;

/// <summary>
/// The filters of a list request. A filter without a value is none; all must hold, or with <c>match=any</c> one.
/// </summary>
internal sealed class ListFilters<T>(bool any = false)
{
    private readonly List<Func<T, bool>> _filters = [];

    public void Add(Func<T, bool> filter) => _filters.Add(filter);

    public void Exact(string? value, Func<T, string?> property)
    {
        if (value is not null)
        {
            Add(item => string.Equals(property(item), value, StringComparison.OrdinalIgnoreCase));
        }
    }

    /// <summary>One of several values, separated by commas.</summary>
    public void AnyOf(string? values, Func<T, string?> property)
    {
        if (values is not null)
        {
            var list = values.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
            Add(item => list.Contains(property(item), StringComparer.OrdinalIgnoreCase));
        }
    }

    public void Contains(string? value, Func<T, string?> property)
    {
        if (value is not null)
        {
            Add(item => property(item)?.Contains(value, StringComparison.OrdinalIgnoreCase) == true);
        }
    }

    public void StartsWith(string? value, Func<T, string?> property)
    {
        if (value is not null)
        {
            Add(item => property(item)?.StartsWith(value, StringComparison.OrdinalIgnoreCase) == true);
        }
    }

    public void EndsWith(string? value, Func<T, string?> property)
    {
        if (value is not null)
        {
            Add(item => property(item)?.EndsWith(value, StringComparison.OrdinalIgnoreCase) == true);
        }
    }

    /// <summary>A value that may carry one of the operators of the zones list, such as <c>contains:</c>.</summary>
    public void Text(string? value, Func<T, string?> property)
    {
        var colon = value?.IndexOf(':', StringComparison.Ordinal) ?? -1;
        var operand = colon < 0 ? null : value![(colon + 1)..];
        switch (colon < 0 ? null : value![..colon])
        {
            case "equal":
                Exact(operand, property);
                break;
            case "not_equal":
                Add(item => !string.Equals(property(item), operand, StringComparison.OrdinalIgnoreCase));
                break;
            case "contains":
                Contains(operand, property);
                break;
            case "starts_with":
                StartsWith(operand, property);
                break;
            case "ends_with":
                EndsWith(operand, property);
                break;
            case "contains_case_sensitive":
                Add(item => property(item)?.Contains(operand!, StringComparison.Ordinal) == true);
                break;
            case "starts_with_case_sensitive":
                Add(item => property(item)?.StartsWith(operand!, StringComparison.Ordinal) == true);
                break;
            case "ends_with_case_sensitive":
                Add(item => property(item)?.EndsWith(operand!, StringComparison.Ordinal) == true);
                break;
            default:
                Exact(value, property);
                break;
        }
    }

    public IEnumerable<T> Apply(IEnumerable<T> items) => _filters.Count == 0
        ? items
        : any
            ? items.Where(item => _filters.Exists(filter => filter(item)))
            : items.Where(item => _filters.TrueForAll(filter => filter(item)));
}
