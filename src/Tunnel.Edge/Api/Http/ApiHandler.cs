namespace Tunnel.Edge.Api.Http;

/// <summary>What a resource does for one method. Throws <see cref="ApiException"/> for every other answer.</summary>
internal delegate Task ApiHandler(ApiRequest request);
