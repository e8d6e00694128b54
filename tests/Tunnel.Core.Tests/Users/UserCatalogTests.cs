using Tunnel.Core.Api;
using Tunnel.Core.Tests.Api;
using Tunnel.Core.Users;

namespace Tunnel.Core.Tests.Users;

public sealed class UserCatalogTests
{
    [Theory]
    [InlineData(7000)]
    [InlineData(7003)]
    public async Task Where_no_single_session_can_be_ended_the_way_to_end_all_is_told(int code)
    {
        await using var server = await ScriptedApi.StartAsync(
            (context, _) => ScriptedApi.ErrorAsync(context, 404, code, "Could not route"));
        using var api = server.Client();
        var session = new AccessSession { Nonce = "n1", UserId = "u1", Email = "alice@example.com" };

        var e = await Assert.ThrowsAsync<TunnelApiException>(() => new UserCatalog(api, "a1").RevokeSessionAsync(session, default));

        Assert.Contains("no single one", e.Message, StringComparison.Ordinal);
        Assert.Equal("End all of them: Revoke-AccessSession -User alice@example.com", e.Advice);
    }

    [Fact]
    public async Task A_session_that_is_over_is_told_as_such()
    {
        await using var server = await ScriptedApi.StartAsync((context, _) => ScriptedApi.ErrorAsync(context, 404, 12130, "gone"));
        using var api = server.Client();
        var session = new AccessSession { Nonce = "n1", UserId = "u1" };

        var e = await Assert.ThrowsAsync<TunnelApiException>(() => new UserCatalog(api, "a1").RevokeSessionAsync(session, default));

        Assert.Contains("gone", e.Message, StringComparison.Ordinal);
    }
}
