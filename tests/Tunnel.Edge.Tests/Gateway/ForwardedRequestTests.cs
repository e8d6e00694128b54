using System.Net;
using Microsoft.AspNetCore.Http;
using Tunnel.Edge.Gateway;
using Tunnel.Edge.Identity;
using Tunnel.Edge.Store;
using Tunnel.Protocol.Streams;

namespace Tunnel.Edge.Tests.Gateway;

public sealed class ForwardedRequestTests
{
    private static readonly IPAddress s_address = IPAddress.Parse("192.0.2.7");

    [Theory]
    [InlineData("Cf-Connecting-IP")]
    [InlineData("CF-ACCESS-JWT-ASSERTION")]
    [InlineData("cf-access-authenticated-user-email")]
    [InlineData("Cf-Access-Client-Secret")]
    [InlineData("cf-cloudflared-proxy-src")]
    [InlineData("Cf-Anything-Of-Tomorrow")]
    [InlineData("Cf_Access_Authenticated_User_Email")]
    [InlineData("Cf-Access_Jwt_Assertion")]
    [InlineData("X-Forwarded-For")]
    [InlineData("X_Forwarded_For")]
    [InlineData("X-Forwarded_Proto")]
    [InlineData("X-Forwarded-Host")]
    [InlineData("Forwarded")]
    [InlineData("X-Real-IP")]
    [InlineData("True-Client-IP")]
    [InlineData("Transfer_Encoding")]
    [InlineData("Cf-IPCountry")]
    public void What_a_visitor_says_in_the_edges_names_is_not_passed_on(string name)
    {
        using var request = Forward(StreamKind.Http, (name, "forged"));

        Assert.DoesNotContain("forged", request.Headers.SelectMany(header => header.Value));
    }

    [Fact]
    public void The_origin_is_told_who_asks_by_the_edge()
    {
        using var request = Forward(StreamKind.Http, ("Cf-Connecting-IP", "10.0.0.1"));

        Assert.Equal(["192.0.2.7"], request.Headers.GetValues("Cf-Connecting-Ip"));
        Assert.Equal(["assertion"], request.Headers.GetValues("Cf-Access-Jwt-Assertion"));
        Assert.Equal(["NZ"], request.Headers.GetValues("Cf-IPCountry"));
        Assert.Equal(["alice@example.test"], request.Headers.GetValues("Cf-Access-Authenticated-User-Email"));
    }

    [Fact]
    public void No_origin_sees_what_binds_a_token_to_the_browser()
    {
        using var request = Forward(StreamKind.Http, ("Cookie", "a=1; CF_Binding=secret;b=2"));
        using var alone = Forward(StreamKind.Http, ("Cookie", "CF_Binding=secret"));

        Assert.Equal(["a=1; b=2"], request.Headers.GetValues("Cookie"));
        Assert.False(alone.Headers.Contains("Cookie"));
    }

    [Fact]
    public void No_origin_sees_the_header_that_showed_a_service_token()
    {
        using var request = Forward(StreamKind.Http, "X-Token", ("x-token", "secret"), ("X-Other", "1"));

        Assert.False(request.Headers.Contains("X-Token"));
        Assert.True(request.Headers.Contains("X-Other"));
    }

    [Fact]
    public void Names_that_concern_one_connection_only_stay_behind_and_others_go_on()
    {
        using var request = Forward(StreamKind.Http, ("Connection", "X-Hop"), ("X-Hop", "1"), ("TE", "trailers"), ("Accept", "text/plain"));

        Assert.False(request.Headers.Contains("X-Hop"));
        Assert.False(request.Headers.Contains("TE"));
        Assert.Equal(["text/plain"], request.Headers.GetValues("Accept"));
    }

    [Fact]
    public void A_WebSocket_is_asked_for_in_the_tunnels_own_way_and_always_has_a_key()
    {
        using var request = Forward(StreamKind.WebSocket, ("Upgrade", "websocket"));

        Assert.Equal(["websocket"], request.Headers.GetValues(StreamHeaders.ConnectionUpgrade));
        Assert.Equal(16, Convert.FromBase64String(request.Headers.GetValues("Sec-WebSocket-Key").Single()).Length);
        Assert.False(request.Headers.Contains("Upgrade"));
    }

    private static HttpRequestMessage Forward(StreamKind kind, params (string Name, string Value)[] headers) =>
        Forward(kind, null, headers);

    private static HttpRequestMessage Forward(StreamKind kind, string? secretHeader, params (string Name, string Value)[] headers)
    {
        var visitor = new DefaultHttpContext();
        visitor.Request.Method = "GET";
        foreach (var (name, value) in headers)
        {
            visitor.Request.Headers.Append(name, value);
        }

        var session = new AccessSessionRecord
        {
            Nonce = "nonce", UserId = Guid.Empty, Email = "alice@example.test", ProviderId = "", ProviderType = "onetimepin",
            Address = "192.0.2.1", UserAgent = "", IssuedAt = DateTimeOffset.UnixEpoch, ExpiresAt = DateTimeOffset.MaxValue,
        };
        return ForwardedRequest.Create(
            visitor, kind, null, "0123456789abcdef", s_address, "NZ", new VerifiedIdentity(session, null, session.Nonce), "assertion",
            secretHeader);
    }
}
