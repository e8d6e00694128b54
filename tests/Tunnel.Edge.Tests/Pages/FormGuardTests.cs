using System.Text;
using Microsoft.AspNetCore.Http;
using Tunnel.Edge.Pages;

namespace Tunnel.Edge.Tests.Pages;

public sealed class FormGuardTests
{
    private readonly FormGuard _guard = new("test");

    [Fact]
    public async Task A_form_of_our_own_page_is_accepted()
    {
        var (cookie, token) = Issue();

        Assert.True(await AcceptsAsync(cookie, token));
        Assert.True(await AcceptsAsync(cookie, token, headers =>
        {
            headers.Origin = "https://edge.example.test";
            headers["Sec-Fetch-Site"] = "same-origin";
        }));
    }

    [Fact]
    public async Task A_form_without_the_browsers_own_token_is_not()
    {
        var (cookie, token) = Issue();
        var (otherCookie, otherToken) = Issue();

        Assert.False(await AcceptsAsync(cookie, otherToken));
        Assert.False(await AcceptsAsync(otherCookie, token));
        Assert.False(await AcceptsAsync(null, token));
        Assert.False(await AcceptsAsync(cookie, null));
        Assert.False(await AcceptsAsync("__Host-test=", token));
    }

    [Theory]
    [InlineData("Origin", "https://evil.example")]
    [InlineData("Origin", "null")]
    [InlineData("Origin", "http://edge.example.test")]
    [InlineData("Sec-Fetch-Site", "cross-site")]
    [InlineData("Sec-Fetch-Site", "same-site")]
    [InlineData("Sec-Fetch-Site", "none")]
    public async Task A_form_that_the_browser_says_comes_from_elsewhere_is_not(string name, string value)
    {
        var (cookie, token) = Issue();

        Assert.False(await AcceptsAsync(cookie, token, headers => headers[name] = value));
    }

    [Fact]
    public void The_cookie_is_for_this_host_over_tls_and_out_of_reach_of_scripts_and_other_sites()
    {
        var context = new DefaultHttpContext();
        _guard.Issue(context);

        var cookie = context.Response.Headers.SetCookie.ToString();
        Assert.StartsWith("__Host-test=", cookie, StringComparison.Ordinal);
        Assert.EndsWith("; path=/; secure; samesite=strict; httponly", cookie, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("application/json", "{}")]
    [InlineData("multipart/form-data; boundary=x", "")]
    [InlineData(null, "a=b")]
    public async Task What_is_no_form_is_not_read(string? type, string text)
    {
        Assert.Null(await FormBody.ReadAsync(Post(type, text)));
    }

    [Fact]
    public async Task A_form_larger_than_any_pages_is_not_read()
    {
        Assert.Null(await FormBody.ReadAsync(Post("application/x-www-form-urlencoded", "a=" + new string('b', 20_000))));
        Assert.Null(await FormBody.ReadAsync(Post(
            "application/x-www-form-urlencoded", string.Join('&', Enumerable.Range(0, 100).Select(i => $"a{i}=b")))));
    }

    [Fact]
    public async Task A_field_that_is_there_twice_has_no_value()
    {
        var form = await FormBody.ReadAsync(Post("application/x-www-form-urlencoded;charset=UTF-8", "a=1&a=2&b=%C3%A9+x"));

        Assert.Null(form!["a"]);
        Assert.Equal("é x", form["b"]);
    }

    private (string Cookie, string Token) Issue()
    {
        var context = new DefaultHttpContext();
        var token = _guard.Issue(context);
        return (context.Response.Headers.SetCookie.ToString().Split(';')[0], token);
    }

    private async Task<bool> AcceptsAsync(string? cookie, string? token, Action<IHeaderDictionary>? change = null)
    {
        var context = Post("application/x-www-form-urlencoded", token is null ? "x=y" : $"{PageForm.TokenField}={token}");
        context.Request.Headers.Cookie = cookie;
        change?.Invoke(context.Request.Headers);
        return _guard.Accepts(context, (await FormBody.ReadAsync(context))!);
    }

    private static DefaultHttpContext Post(string? type, string text)
    {
        var context = new DefaultHttpContext();
        context.Request.Method = "POST";
        context.Request.Scheme = "https";
        context.Request.Host = new HostString("edge.example.test");
        context.Request.ContentType = type;
        context.Request.Body = new MemoryStream(Encoding.UTF8.GetBytes(text));
        return context;
    }
}
