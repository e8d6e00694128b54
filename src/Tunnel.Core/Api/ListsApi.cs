namespace Tunnel.Core.Api;

/// <summary><c>accounts/{account}/gateway/lists</c>: lists that rules name.</summary>
public sealed class ListsApi
{
    private readonly ApiTransport _transport;

    internal ListsApi(ApiTransport transport) => _transport = transport;

    /// <param name="accountId">The account.</param>
    /// <param name="type">Only lists of this type; null for all.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    public IAsyncEnumerable<AccessListResource> ListAsync(
        string accountId, string? type = null, CancellationToken cancellationToken = default) => _transport.ListAsync(
            Path(accountId), new ApiQuery().Add("type", type), ApiJson.Default.AccessListResource, cancellationToken);

    /// <summary>One list, perhaps without its entries.</summary>
    public Task<AccessListResource> GetAsync(string accountId, string listId, CancellationToken cancellationToken = default) =>
        _transport.SendAsync(HttpMethod.Get, Path(accountId, listId), ApiJson.Default.AccessListResource, cancellationToken);

    /// <summary>What is in a list.</summary>
    public IAsyncEnumerable<AccessListItem> ListItemsAsync(
        string accountId, string listId, CancellationToken cancellationToken = default) => _transport.ListAsync(
            $"{Path(accountId, listId)}/items", new ApiQuery(), ApiJson.Default.AccessListItem, cancellationToken);

    public Task<AccessListResource> CreateAsync(
        string accountId, AccessListResource list, CancellationToken cancellationToken = default) => _transport.SendAsync(
            HttpMethod.Post, Path(accountId), ApiJson.Default.AccessListResource, cancellationToken,
            ApiTransport.Body(list, ApiJson.Default.AccessListResource, "id", "count", "created_at", "updated_at"));

    /// <summary>Gives the list that has <see cref="AccessListResource.Id"/> its name and description, and leaves its entries.</summary>
    public Task<AccessListResource> RenameAsync(
        string accountId, AccessListResource list, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(list);
        return _transport.SendAsync(
            HttpMethod.Put, Path(accountId, list.Id), ApiJson.Default.AccessListResource, cancellationToken,
            ApiTransport.Body(new ListNaming(list.Name, list.Description), ApiJson.Default.ListNaming));
    }

    /// <summary>Takes values away and puts others in, in one step.</summary>
    public Task<AccessListResource> EditAsync(
        string accountId, string listId, IReadOnlyList<AccessListItem> append, IReadOnlyList<string> remove,
        CancellationToken cancellationToken = default) => _transport.SendAsync(
            HttpMethod.Patch, Path(accountId, listId), ApiJson.Default.AccessListResource, cancellationToken,
            ApiTransport.Body(new ListEdit(append, remove), ApiJson.Default.ListEdit));

    public Task DeleteAsync(string accountId, string listId, CancellationToken cancellationToken = default) =>
        _transport.SendAsync(HttpMethod.Delete, Path(accountId, listId), cancellationToken);

    private static string Path(string accountId) =>
        $"accounts/{ApiQuery.Segment(accountId, nameof(accountId))}/gateway/lists";

    private static string Path(string accountId, string listId) =>
        $"{Path(accountId)}/{ApiQuery.Segment(listId, nameof(listId))}";
}
