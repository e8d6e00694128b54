using System.Text.Json;

namespace Tunnel.Core.Identity;

/// <summary>A provider's answer to discovery, read with suspicion: it says where a client secret goes.</summary>
internal sealed class DiscoveryDocument
{
    private readonly Uri _place;
    private readonly Uri _issuer;
    private readonly JsonElement _json;

    public DiscoveryDocument(Uri place, Uri issuer, JsonElement json)
    {
        (_place, _issuer, _json) = (place, issuer, json);
        if (json.ValueKind != JsonValueKind.Object)
        {
            throw new OpenIdDiscoveryException($"{place} gave no JSON object. Check the issuer with the provider's documentation.");
        }
    }

    /// <summary>Whether nobody stands in between: TLS, or this machine.</summary>
    public static bool IsProtected(Uri address) =>
        address.Scheme == Uri.UriSchemeHttps || (address.Scheme == Uri.UriSchemeHttp && address.IsLoopback);

    /// <summary>The issuer as the provider writes it, which has to be the one that was asked (section 4.3).</summary>
    /// <remarks>A slash at the end makes no other one: both are asked at the same address.</remarks>
    public string Issuer(string asked) => Text("issuer") is { } named && named.TrimEnd('/') == asked.TrimEnd('/')
        ? named
        : throw new OpenIdDiscoveryException(
            $"{_place} names another issuer ('{Text("issuer")}') than '{asked}'. Give the issuer exactly as the provider writes it, if it is the one that is meant.");

    public string RequiredAddress(string name) => Address(name)
        ?? throw new OpenIdDiscoveryException($"{_place} names no {name}. Give the address with -AuthUrl, -TokenUrl and -CertsUrl instead of -Issuer.");

    /// <exception cref="OpenIdDiscoveryException">It is not https; on this machine, http will do for an issuer on this machine.</exception>
    public string? Address(string name)
    {
        if (!_json.TryGetProperty(name, out JsonElement value) || value.ValueKind == JsonValueKind.Null)
        {
            return null;
        }

        return Text(name) is { } text && Uri.TryCreate(text, UriKind.Absolute, out Uri? address) && IsProtected(address)
            && address.UserInfo.Length == 0 && (!address.IsLoopback || _issuer.IsLoopback)
                ? text
                : throw new OpenIdDiscoveryException($"{_place} names a {name} that is no https address. The provider has to be set right.");
    }

    private string? Text(string name) =>
        _json.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.String
        && value.GetString() is { Length: > 0 and <= 2048 } text && !text.Any(char.IsControl) ? text : null;
}
