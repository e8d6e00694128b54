using System.Runtime.Versioning;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using Tunnel.Core.Client.SignIn;
using Tunnel.Protocol.Transfers;
using Tunnel.Testing;

namespace Tunnel.Core.Tests.Client.SignIn;

/// <summary>What a program makes of the tokens that it keeps, and of what arrives instead of one.</summary>
public sealed class AccessSignInTests : IAsyncLifetime
{
    private const UnixFileMode Private = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private readonly TemporaryDirectory _directory = new();
    private LoneTeamEdge _edge = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private string TokenFile => _directory.File($"{LoneTeamEdge.Host}-{LoneTeamEdge.Audience}-token");

    private string OrganizationFile => _directory.File($"{LoneTeamEdge.Team}-org-token");

    public async ValueTask InitializeAsync() => _edge = await LoneTeamEdge.StartAsync();

    public async ValueTask DisposeAsync()
    {
        await _edge.DisposeAsync();
        _directory.Dispose();
    }

    [Fact]
    public async Task What_the_person_grants_is_kept_and_no_one_is_asked_again()
    {
        var (token, organization) = (_edge.Token(), _edge.OrganizationToken());
        _edge.Grant(token, organization);

        Assert.Equal(token, await SignInAsync());

        _edge.Transfer = (_, _) => throw new InvalidOperationException("It is asked again.");
        Assert.Equal(token, await SignInAsync());
        Assert.Equal((token, organization), (await ReadAsync(TokenFile), await ReadAsync(OrganizationFile)));
    }

    public static TheoryData<string> BadTransfers =>
    [
        "too long", "far too long", "not base64", "no box", "a changed box", "sealed to another key", "another sender's key", "truncated",
        "without a sender", "with a broken sender", "not JSON", "without a token", "null", "a token of another key", "a token of another application",
        "a token of another team", "an expired token", "an organisation's token", "not a token",
    ];

    [Theory]
    [MemberData(nameof(BadTransfers))]
    public async Task What_arrives_and_is_no_token_of_the_application_is_refused_and_leaves_nothing(string what)
    {
        using var stranger = what == "a token of another key" ? new TokenSigner("key-1") : null;
        using var other = TransferKeyPair.Generate();
        _edge.Transfer = (context, key) =>
        {
            SealedTransfer Seal(string token) => SealedTransfer.Seal(key, LoneTeamEdge.Content(token));
            var good = Seal(_edge.Token());
            var bytes = Convert.FromBase64String(good.Content);
            var (content, sender) = what switch
            {
                "too long" => (new string('A', SealedTransfer.MaxLength + 4), good.Sender.ToString()),
                "far too long" => (new string('A', 1024 * 1024), good.Sender.ToString()),
                "not base64" => ("<html>" + good.Content, good.Sender.ToString()),
                "no box" => (Convert.ToBase64String(RandomNumberGenerator.GetBytes(200)), good.Sender.ToString()),
                "a changed box" => (Convert.ToBase64String([.. bytes[..^1], (byte)(bytes[^1] ^ 1)]), good.Sender.ToString()),
                "sealed to another key" => Parts(SealedTransfer.Seal(other.PublicKey, LoneTeamEdge.Content(_edge.Token()))),
                "another sender's key" => (good.Content, other.PublicKey.ToString()),
                "truncated" => (good.Content[..40], good.Sender.ToString()),
                "without a sender" => (good.Content, null),
                "with a broken sender" => (good.Content, "AAAA"),
                "not JSON" => Parts(SealedTransfer.Seal(key, "token"u8)),
                "without a token" => Parts(SealedTransfer.Seal(key, "{}"u8)),
                "null" => Parts(SealedTransfer.Seal(key, "null"u8)),
                "a token of another key" => Parts(Seal(_edge.Token(key: stranger))),
                "a token of another application" => Parts(Seal(_edge.Token(audience: "other"))),
                "a token of another team" => Parts(Seal(_edge.Token(team: "other.example.test"))),
                "an expired token" => Parts(Seal(_edge.Token(minutes: -5))),
                "an organisation's token" => Parts(Seal(_edge.OrganizationToken())),
                "not a token" => Parts(Seal("../../token")),
                _ => throw new ArgumentException(what),
            };
            return LoneTeamEdge.SendAsync(context, content, sender);
        };

        var error = await Assert.ThrowsAsync<AccessSignInException>(() => SignInAsync());

        Assert.Contains("again", error.Message, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain(Directory.GetFiles(_directory.FullName), file => !file.EndsWith("-jwks", StringComparison.Ordinal));

        static (string Content, string? Sender) Parts(SealedTransfer transfer) => (transfer.Content, transfer.Sender.ToString());
    }

    public static TheoryData<string> BadTokens =>
    [
        "another team's", "another application's", "expired", "corrupt", "binary", "empty", "far too long", "a folder",
    ];

    [Theory]
    [MemberData(nameof(BadTokens))]
    public async Task A_kept_token_that_is_not_the_applications_is_shown_to_nobody_and_replaced(string what)
    {
        var (kept, good) = (what switch
        {
            "another team's" => _edge.Token(team: "other.example.test"),
            "another application's" => _edge.Token(audience: "other"),
            "expired" => _edge.Token(minutes: -5),
            "corrupt" => _edge.Token().Replace('.', ','),
            "binary" => "\0\u0001\u0002.\0.\0",
            "far too long" => new string('a', 1 << 20),
            _ => "",
        }, _edge.Token());
        if (what == "a folder")
        {
            Directory.CreateDirectory(TokenFile);
            await Assert.ThrowsAnyAsync<Exception>(() => SignInAsync());
            return;
        }

        await WriteAsync(TokenFile, kept);
        _edge.Grant(good);

        Assert.Equal(good, await SignInAsync());

        Assert.All(_edge.Shown, shown => Assert.Equal(good, shown));
        Assert.Equal(good, await ReadAsync(TokenFile));
    }

    [Fact]
    public async Task An_organisations_token_of_another_team_is_shown_to_nobody()
    {
        await WriteAsync(OrganizationFile, _edge.OrganizationToken("other.example.test"));
        var good = _edge.Token();
        _edge.Grant(good, _edge.OrganizationToken("other.example.test"));
        var before = await ReadAsync(OrganizationFile);

        Assert.Equal(good, await SignInAsync());

        Assert.All(_edge.Shown, shown => Assert.Equal(good, shown));
        Assert.Equal(before, await ReadAsync(OrganizationFile));
    }

    [Fact]
    [UnsupportedOSPlatform("windows")]
    public async Task A_token_that_others_can_write_is_shown_to_nobody_and_one_that_they_can_read_becomes_private()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Unix has the modes of files.");
        var (planted, good) = (_edge.Token("eve@example.com"), _edge.Token());
        _edge.Taken[planted] = true;
        await WriteAsync(TokenFile, planted);
        File.SetUnixFileMode(TokenFile, Private | UnixFileMode.OtherRead | UnixFileMode.OtherWrite);
        _edge.Grant(good);

        Assert.Equal(good, await SignInAsync());
        Assert.DoesNotContain(planted, _edge.Shown);
        Assert.Equal(Private, File.GetUnixFileMode(TokenFile));

        File.SetUnixFileMode(TokenFile, Private | UnixFileMode.GroupRead | UnixFileMode.OtherRead);
        Assert.Equal(good, await SignInAsync());
        Assert.Equal(Private, File.GetUnixFileMode(TokenFile));
    }

    [Fact]
    public async Task Signing_in_anew_keeps_what_there_is_until_there_is_something_else()
    {
        var (old, organization) = (_edge.Token(), _edge.OrganizationToken());
        _edge.Grant(old, organization);
        await SignInAsync();
        _edge.Transfer = (context, _) =>
        {
            context.Response.StatusCode = StatusCodes.Status410Gone; // the person says no
            return Task.CompletedTask;
        };

        await Assert.ThrowsAsync<AccessSignInException>(() => SignInAsync(isAnew: true));
        Assert.Equal((old, organization), (await ReadAsync(TokenFile), await ReadAsync(OrganizationFile)));

        var next = _edge.Token();
        _edge.Grant(next, _edge.OrganizationToken());
        Assert.Equal(next, await SignInAsync(isAnew: true));
        Assert.DoesNotContain(_edge.Shown, shown => shown.Contains(organization, StringComparison.Ordinal));
        Assert.NotEqual(organization, await ReadAsync(OrganizationFile));
    }

    [Fact]
    public async Task A_token_that_the_edge_refuses_stays_until_there_is_another()
    {
        var old = _edge.Token();
        await WriteAsync(TokenFile, old);
        _edge.Transfer = (context, _) =>
        {
            Assert.Equal(old, File.ReadAllText(TokenFile));
            var next = _edge.Token();
            _edge.Taken[next] = true;
            return LoneTeamEdge.SendAsync(context, SealedTransfer.Seal(KeyOf(context), LoneTeamEdge.Content(next)));
        };

        var token = await SignInAsync();

        Assert.NotEqual(old, token);
        Assert.Equal(token, await ReadAsync(TokenFile));
    }

    [Fact]
    public async Task Several_that_want_another_token_ask_once()
    {
        var (old, asked) = (_edge.Token(), 0);
        await WriteAsync(TokenFile, old);
        _edge.Transfer = (context, key) =>
        {
            Interlocked.Increment(ref asked);
            return LoneTeamEdge.SendAsync(context, SealedTransfer.Seal(key, LoneTeamEdge.Content(_edge.Token())));
        };

        var all = await Task.WhenAll(Enumerable.Range(0, 4).Select(async _ =>
        {
            using var signIn = _edge.SignIn(_directory.FullName);
            return (await signIn.RenewTokenAsync(old, Cancellation)).Token;
        }));

        Assert.Equal(1, asked);
        Assert.Single(all.Distinct());
    }

    [Fact]
    public async Task An_application_that_would_be_kept_as_the_organisation_is_none()
    {
        _edge.MetadataAudience = "org";

        var error = await Assert.ThrowsAsync<AccessSignInException>(() => SignInAsync());

        Assert.Contains("'aud'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_application_is_known_by_another_name_where_it_is_dialled_and_its_team_by_its_own()
    {
        await using var edge = await LoneTeamEdge.StartAsync($"edge.example.test {LoneTeamEdge.Team}");
        var token = edge.Token();
        edge.Grant(token);
        using (var signIn = edge.SignIn(_directory.FullName))
        {
            await Assert.ThrowsAsync<AccessSignInException>(() => signIn.GetTakenTokenAsync(cancellationToken: Cancellation));
        }

        using var named = edge.SignIn(_directory.FullName, serverName: "edge.example.test");
        Assert.Equal(token, (await named.GetTakenTokenAsync(cancellationToken: Cancellation)).Token);
    }

    [Fact]
    public async Task Where_a_certificate_is_not_trusted_the_programs_own_option_is_named()
    {
        using var signIn = _edge.SignIn(_directory.FullName, transferAddress: new Uri("https://untrusted.example.test/"));

        var error = await Assert.ThrowsAsync<AccessSignInException>(() => signIn.GetTokenAsync(Cancellation));

        Assert.Contains("name the authority with --authority.", error.Message, StringComparison.Ordinal);
    }

    private static TransferKey KeyOf(HttpContext context)
    {
        Assert.True(TransferKey.TryParse(context.Request.Path.Value!.Split('/')[^1], out var key));
        return key!;
    }

    private static async Task<string> ReadAsync(string file) => await File.ReadAllTextAsync(file, Encoding.ASCII, Cancellation);

    private static async Task WriteAsync(string file, string token)
    {
        await File.WriteAllTextAsync(file, token, Cancellation);
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(file, Private);
        }
    }

    private async Task<string> SignInAsync(bool isAnew = false)
    {
        using var signIn = _edge.SignIn(_directory.FullName);
        return (await signIn.GetTakenTokenAsync(isAnew, Cancellation)).Token;
    }
}
