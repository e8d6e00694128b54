using System.Text.Json;
using Tunnel.Access;
using Tunnel.Core.Api;
using Tunnel.Testing;

namespace Tunnel.Sdk.Tests;

/// <summary>One run of the script at an edge of its own, for all tests.</summary>
public sealed class SdkRun : IAsyncLifetime
{
    private const string Connected = "connected." + EdgeLab.Zone;
    private const string Protected = "protected." + EdgeLab.Zone;
    private const string ForPeople = "people." + EdgeLab.Zone;
    private const string Person = "alice@example.test";

    private readonly Dictionary<string, SdkOutcome> _outcomes = [];
    private string _error = "";

    /// <summary>Why there was no run; null when there was one.</summary>
    public string? SkipReason { get; private set; }

    public async ValueTask InitializeAsync()
    {
        if (NodeProgram.Find() is not { } node)
        {
            SkipReason = "Node.js and npm are not on the path";
            return;
        }

        var (folder, reason) = await SdkFolder.PrepareAsync(node);
        if (folder is null)
        {
            SkipReason = reason;
            return;
        }

        await using var origin = new OriginListener();
        await using var lab = await EdgeLab.StartAsync();
        var environment = await PrepareAsync(lab, origin);
        var result = await node.RunAsync(Path.Combine(folder.FullName, "main.mjs"), environment);
        _error = result.Error;
        foreach (var line in result.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            var outcome = JsonSerializer.Deserialize<SdkOutcome>(line)!;
            _outcomes.Add(outcome.Name, outcome);
        }
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    internal SdkOutcome Of(string operation) => _outcomes.TryGetValue(operation, out var outcome)
        ? outcome
        : new SdkOutcome(operation, false, "The script did not get there. " + _error, []);

    /// <summary>What the script said beside the operations that it was asked for: whole scenarios that broke off.</summary>
    internal IEnumerable<SdkOutcome> Scenarios => _outcomes.Values.Where(o => o.Name.StartsWith("scenario ", StringComparison.Ordinal));

    /// <summary>What the SDK alone cannot make: a connector that runs, visits, and somebody who signed in.</summary>
    private static async Task<IReadOnlyDictionary<string, string>> PrepareAsync(EdgeLab lab, OriginListener origin)
    {
        var credentials = await lab.AddTunnelAsync(Connected);
        var token = await lab.ProtectWithTokenAsync(Protected);
        await lab.ConnectAsync(credentials, Connected, origin.Url);
        await VisitAsync(lab, token);
        await SignInAsync(lab);
        var zone = await lab.Api.Zones.ListAsync(new ZoneFilter { Name = EdgeLab.Zone }).FirstAsync();
        var records = await lab.Api.DnsRecords.ListAsync(zone.Id).Select(r => r.Id).ToListAsync();
        return new Dictionary<string, string>
        {
            ["NODE_EXTRA_CA_CERTS"] = lab.Edge.CertificateAuthorityFile,
            ["TUNNEL_SDK_LAB"] = JsonSerializer.Serialize(new
            {
                address = lab.Edge.ApiAddress.ToString().TrimEnd('/'),
                account = lab.Edge.AccountId,
                token = lab.Edge.ApiToken,
                zone = zone.Id,
                zoneName = zone.Name,
                keptRecords = records,
                connectedTunnel = credentials.TunnelId,
                protectedHostname = Protected,
                peoplesHostname = ForPeople,
                person = Person,
            }),
        };
    }

    /// <summary>By a one-time PIN, and once more with a wrong one.</summary>
    private static async Task SignInAsync(EdgeLab lab)
    {
        await lab.ProtectAsync(ForPeople, EdgeLab.Policy(AccessDecision.Allow, new EmailRule(Person)));
        using var browser = new PersonBrowser(lab);
        await browser.SignInAsync(ForPeople, Person);
        using var other = new PersonBrowser(lab);
        var login = await other.OpenLoginAsync(ForPeople);
        var asked = await other.FollowAsync(await other.PostAsync(login, ("email", Person)));
        await other.PostAsync(asked, ("code", "wrong"));
    }

    /// <summary>One visitor with the token, one without.</summary>
    private static async Task VisitAsync(EdgeLab lab, ServiceToken token)
    {
        using var browser = lab.Browser();
        foreach (var secret in new[] { token.ClientSecret!, new string('0', 64) })
        {
            using var visit = new HttpRequestMessage(HttpMethod.Get, $"https://{Protected}/");
            visit.Headers.Add("CF-Access-Client-Id", token.ClientId);
            visit.Headers.Add("CF-Access-Client-Secret", secret);
            using var _ = await browser.SendAsync(visit);
        }
    }
}
