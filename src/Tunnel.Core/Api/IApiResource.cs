namespace Tunnel.Core.Api;

/// <summary>What every resource of the API has.</summary>
public interface IApiResource
{
    /// <summary>The API's identifier: 32 hexadecimal digits or a UUID.</summary>
    string Id { get; }
}
