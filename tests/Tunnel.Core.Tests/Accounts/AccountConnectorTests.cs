using Tunnel.Core.Accounts;
using Tunnel.Core.Api;
using Tunnel.Core.Tests.Api;
using Tunnel.Testing;

namespace Tunnel.Core.Tests.Accounts;

public sealed class AccountConnectorTests
{
    private const string Active = """{"id":"t1","status":"active"}""";

    [Fact]
    public async Task An_edge_is_connected_with_its_token_and_authority()
    {
        await using var lab = await EdgeLab.StartAsync();
        using var account = await AccountConnector.ConnectAsync(new AccountConnectorOptions
        {
            ApiToken = lab.Edge.ApiToken,
            ApiAddress = lab.Edge.ApiAddress,
            CertificateAuthorityFile = lab.Edge.CertificateAuthorityFile,
            EdgeAddresses = [lab.TunnelAddress],
            PublicEndPoint = lab.PublicAddress,
        });
        Assert.Equal(lab.Edge.AccountId, account.AccountId);
        Assert.Equal("Tunnel", account.Name);
        Assert.Equal("active", account.Token?.Status);
        Assert.Equal([lab.TunnelAddress], account.EdgeAddresses);
        Assert.Equal(lab.PublicAddress, account.PublicEndPoint);
        Assert.NotNull(account.LoadCertificateAuthorities());
        Assert.DoesNotContain(lab.Edge.ApiToken, account.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_wrong_token_is_refused_by_an_edge_with_advice()
    {
        await using var lab = await EdgeLab.StartAsync();
        var e = await Assert.ThrowsAsync<TunnelApiException>(() => AccountConnector.ConnectAsync(new AccountConnectorOptions
        {
            ApiToken = "not-the-token",
            ApiAddress = lab.Edge.ApiAddress,
            CertificateAuthorityFile = lab.Edge.CertificateAuthorityFile,
        }));
        Assert.True(e.IsAccessDenied || e.HasCode(ApiErrorCodes.InvalidToken), e.Message);
        Assert.NotEmpty(e.Advice);
        Assert.DoesNotContain("not-the-token", e + e.Advice, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Of_several_accounts_one_has_to_be_named()
    {
        await using var server = await AccountsAsync(Active, ("a1", "Home"), ("a2", "Work"));
        var e = await Assert.ThrowsAsync<AccountException>(() => ConnectAsync(server, null));
        Assert.Contains("Home (a1), Work (a2)", e.Message, StringComparison.Ordinal);
        Assert.Equal(["a1", "a2"], e.Candidates.Select(static a => a.Id));
    }

    [Theory]
    [InlineData("a2")]
    [InlineData("work")]
    public async Task An_account_is_named_by_identifier_or_name(string wanted)
    {
        await using var server = await AccountsAsync(Active, ("a1", "Home"), ("a2", "Work"));
        using var account = await ConnectAsync(server, wanted);
        Assert.Equal("a2", account.AccountId);
    }

    [Fact]
    public async Task An_account_that_the_token_does_not_see_is_told()
    {
        await using var server = await AccountsAsync(Active, ("a1", "Home"));
        var e = await Assert.ThrowsAsync<AccountException>(() => ConnectAsync(server, "Work"));
        Assert.Contains("'Work'", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_token_without_an_account_is_told_which_permission_it_lacks()
    {
        await using var server = await AccountsAsync(Active);
        var e = await Assert.ThrowsAsync<AccountException>(() => ConnectAsync(server, null));
        Assert.Contains("Account Settings > Read", e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("disabled")]
    [InlineData("expired")]
    public async Task A_token_that_is_not_active_is_refused(string status)
    {
        await using var server = await AccountsAsync($$"""{"id":"t1","status":"{{status}}"}""", ("a1", "Home"));
        var e = await Assert.ThrowsAsync<AccountException>(() => ConnectAsync(server, null));
        Assert.Contains(status, e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_token_that_the_account_owns_is_verified_there()
    {
        await using var server = await ScriptedApi.StartAsync((context, _) => context.Request.Path.Value switch
        {
            "/client/v4/accounts" => ScriptedApi.OkAsync(context, """[{"id":"a1","name":"Home"}]"""),
            "/client/v4/accounts/a1/tokens/verify" => ScriptedApi.OkAsync(context, Active),
            _ => ScriptedApi.ErrorAsync(context, 401, 1000, "Invalid API Token"),
        });
        using var account = await ConnectAsync(server, null);
        Assert.Equal("t1", account.Token?.Id);
    }

    [Fact]
    public async Task A_token_that_nobody_knows_is_told_by_the_first_answer()
    {
        await using var server = await ScriptedApi.StartAsync((context, _) => context.Request.Path.Value switch
        {
            "/client/v4/user/tokens/verify" => ScriptedApi.ErrorAsync(context, 401, 1000, "Invalid API Token"),
            _ => ScriptedApi.ErrorAsync(context, 403, 9109, "Unauthorized"),
        });
        var e = await Assert.ThrowsAsync<TunnelApiException>(() => ConnectAsync(server, null));
        Assert.True(e.HasCode(ApiErrorCodes.InvalidToken));
        Assert.Contains("not valid", e.Advice, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_authority_file_that_is_none_is_told()
    {
        using var directory = new TemporaryDirectory();
        var file = directory.File("ca.pem");
        await Assert.ThrowsAsync<AccountException>(() => ConnectWithAsync(file));
        await File.WriteAllTextAsync(file, "not a certificate");
        var e = await Assert.ThrowsAsync<AccountException>(() => ConnectWithAsync(file));
        Assert.Contains(file, e.Message, StringComparison.Ordinal);

        static Task<TunnelAccount> ConnectWithAsync(string file) => AccountConnector.ConnectAsync(
            new AccountConnectorOptions { ApiToken = "t", ApiAddress = new Uri("https://127.0.0.1:1"), CertificateAuthorityFile = file });
    }

    private static Task<TunnelAccount> ConnectAsync(ScriptedApi server, string? account) => AccountConnector.ConnectAsync(
        new AccountConnectorOptions { ApiToken = "t", ApiAddress = server.Address, Account = account });

    private static Task<ScriptedApi> AccountsAsync(string token, params (string Id, string Name)[] accounts) =>
        ScriptedApi.StartAsync((context, _) => context.Request.Path.Value!.EndsWith("/verify", StringComparison.Ordinal)
            ? ScriptedApi.OkAsync(context, token)
            : ScriptedApi.OkAsync(context, $"[{string.Join(',', accounts.Select(static a => $$"""{"id":"{{a.Id}}","name":"{{a.Name}}"}"""))}]"));
}
