using System.Text.Json;
using Tunnel.Access;
using Tunnel.Core.Api;
using Tunnel.Testing;

namespace Tunnel.EndToEnd.Tests;

/// <summary>Policies on the country of a visitor's address, by a database of the test's own.</summary>
public sealed class CountryTests
{
    private const string Hostname = "country.example.test";

    [Fact]
    public async Task A_person_from_the_country_gets_in_and_token_record_and_identity_tell_it()
    {
        await using var lab = await StartAsync(("127.0.0.0/8", "NZ"));
        await ProtectAsync(lab, "NZ");
        using var browser = new PersonBrowser(lab);

        var token = await browser.SignInAsync(Hostname, "alice@example.com");

        Assert.Equal("NZ", Claims(token).GetProperty("country").GetString());
        var identity = JsonElement.Parse((await browser.GetAsync($"https://{Hostname}/cdn-cgi/access/get-identity")).Text);
        Assert.Equal("NZ", identity.GetProperty("geo").GetProperty("country").GetString());
        Assert.Equal(418, (await browser.GetAsync($"https://{Hostname}/")).Status);
        var log = await lab.Api.AccessLog.GetAsync(lab.Edge.AccountId, new AccessLogFilter(), limit: 1);
        Assert.Equal((true, "NZ"), (log[0].Allowed, log[0].Country));
    }

    [Fact]
    public async Task Anybody_else_does_not()
    {
        await using var lab = await StartAsync(("127.0.0.0/8", "FR"));
        await ProtectAsync(lab, "NZ");
        using var browser = new PersonBrowser(lab);

        // No sign-in could help.
        Assert.Equal(403, (await browser.GetAsync($"https://{Hostname}/")).Status);
    }

    [Fact]
    public async Task Without_a_database_a_country_is_not_known_and_the_record_says_so()
    {
        await using var lab = await EdgeLab.StartAsync();
        await ProtectAsync(lab, "NZ");
        using var browser = new PersonBrowser(lab);

        Assert.Equal(403, (await browser.GetAsync($"https://{Hostname}/")).Status);
        var log = await lab.Api.AccessLog.GetAsync(lab.Edge.AccountId, new AccessLogFilter(), limit: 1);
        Assert.Contains("the country of the visitor's address is not known", log[0].Reason, StringComparison.Ordinal);
        Assert.Null(log[0].Country);
    }

    [Fact]
    public async Task An_edge_whose_database_cannot_be_read_does_not_start() =>
        await Assert.ThrowsAsync<FileNotFoundException>(() => EdgeLab.StartAsync(
            configure: options => options with { CountryDatabase = Path.Combine(options.StateDirectory, "missing.mmdb") }));

    private static async Task<EdgeLab> StartAsync(params (string Network, string Country)[] countries) =>
        await EdgeLab.StartAsync(configure: options =>
        {
            var file = Path.Combine(Path.GetDirectoryName(options.StateDirectory)!, "countries.mmdb");
            CountryDatabaseFile.Write(file, countries);
            return options with { CountryDatabase = file };
        });

    private static async Task ProtectAsync(EdgeLab lab, string country)
    {
        await lab.ProtectAsync(Hostname, EdgeLab.Policy(AccessDecision.Allow, new EmailDomainRule("example.com")) with
        {
            Require = [new CountryRule(country)],
        });
        await lab.PublishAsync(Hostname, "http_status:418", connections: 1);
    }

    private static JsonElement Claims(string token) =>
        JsonElement.Parse(System.Buffers.Text.Base64Url.DecodeFromChars(token.Split('.')[1]));
}
