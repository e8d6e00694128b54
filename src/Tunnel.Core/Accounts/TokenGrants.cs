using System.Text.Json;
using Tunnel.Core.Api;

namespace Tunnel.Core.Accounts;

/// <summary>What the policies of a token allow in one account.</summary>
internal sealed class TokenGrants
{
    private const string Account = "com.cloudflare.api.account.";
    private const string Zone = "com.cloudflare.api.account.zone.";

    private readonly HashSet<(string Group, bool IsOfZone)> _allowed = [];

    private TokenGrants()
    {
    }

    public static TokenGrants Of(ApiToken token, string accountId)
    {
        var grants = new TokenGrants();
        // A denial of all outweighs every policy that allows; one of a single zone leaves the others.
        var denied = new HashSet<(string, bool)>();
        foreach (var policy in token.Policies ?? [])
        {
            var (account, anyZone, allZones) = Read(policy.Resources, accountId);
            foreach (var group in policy.PermissionGroups?.Select(g => g.Name).OfType<string>() ?? [])
            {
                var isDenial = policy.Effect != "allow";
                if (account)
                {
                    (isDenial ? denied : grants._allowed).Add((group, false));
                }

                if (isDenial ? allZones : anyZone)
                {
                    (isDenial ? denied : grants._allowed).Add((group, true));
                }
            }
        }

        grants._allowed.ExceptWith(denied);
        return grants;
    }

    public bool Has(string group, bool isOfZone) => _allowed.Contains((group, isOfZone));

    public bool HasAny(string area, bool isOfZone) => Has($"{area} Read", isOfZone) || Has($"{area} Write", isOfZone);

    private static (bool Account, bool AnyZone, bool AllZones) Read(JsonElement resources, string accountId)
    {
        var (account, anyZone, allZones) = (false, false, false);
        if (resources.ValueKind != JsonValueKind.Object)
        {
            return default;
        }

        foreach (var resource in resources.EnumerateObject())
        {
            if (resource.Name.StartsWith(Zone, StringComparison.Ordinal))
            {
                anyZone = true;
                allZones |= resource.Name == Zone + "*";
            }
            else if (resource.Name is Account + "*" || resource.Name == Account + accountId)
            {
                var below = resource.Value.ValueKind == JsonValueKind.Object;
                account |= !below;
                anyZone |= below;
                allZones |= below && resource.Value.TryGetProperty(Zone + "*", out _);
            }
        }

        return (account, anyZone, allZones);
    }
}
