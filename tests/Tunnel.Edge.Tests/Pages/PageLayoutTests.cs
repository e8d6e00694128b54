using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using Tunnel.Edge.Pages;

namespace Tunnel.Edge.Tests.Pages;

public sealed class PageLayoutTests
{
    private const string Hostile = "\"><script>alert(1)</script>'&";

    [Fact]
    public void Whatever_comes_from_outside_is_encoded_wherever_it_stands()
    {
        var field = new TextField("pin", Hostile) { Value = Hostile, Hint = Hostile, Error = Hostile };
        var choice = new ChoiceField("zone", Hostile, [new PageChoice(Hostile, Hostile, Hostile)]) { Error = Hostile };
        var form = new PageForm(
            PageAddress.Local("/x?y=" + Hostile), Hostile, field.ToHtml() + choice.ToHtml(), [new PageButton(Hostile, Hostile, Hostile)])
        {
            Hidden = [new(Hostile, Hostile)],
        };
        var page = new Page(Hostile, form.ToHtml() + PageFacts.ToHtml((Hostile, Hostile)) + Html.Text(Hostile))
        {
            Owner = Hostile, Errors = [new PageError(Hostile, Hostile), new PageError(null, Hostile)],
        };

        var text = PageLayout.Render(page).ToString();

        Assert.DoesNotContain("<script", text, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("\">&lt;", text, StringComparison.Ordinal);
        Assert.Contains("&lt;script&gt;", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("//evil.example")]
    [InlineData("/\\evil.example")]
    [InlineData("https://evil.example")]
    [InlineData("javascript:alert(1)")]
    [InlineData("/a\nb")]
    public void A_local_address_leads_to_no_other_host(string path) =>
        Assert.Throws<ArgumentException>(() => PageAddress.Local(path));

    [Fact]
    public void An_external_address_is_https() =>
        Assert.Throws<ArgumentException>(() => PageAddress.External(new Uri("javascript:alert(1)")));

    [Fact]
    public void A_page_with_errors_has_the_focus_on_their_list_and_links_to_the_fields()
    {
        var page = new Page("Sign in", new TextField("token", "Token") { Error = "Wrong." }.ToHtml())
        {
            Errors = [new PageError("token", "Wrong.")],
        };

        var text = PageLayout.Render(page).ToString();

        Assert.Contains("role=\"alert\" aria-labelledby=\"errors-heading\" tabindex=\"-1\" autofocus", text, StringComparison.Ordinal);
        Assert.Contains("<a href=\"#token\">Wrong.</a>", text, StringComparison.Ordinal);
        Assert.Contains("aria-describedby=\"token-error\"", text, StringComparison.Ordinal);
        Assert.Contains("<title>Error: Sign in", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_policy_lets_in_the_style_of_the_page_and_nothing_else()
    {
        var context = new DefaultHttpContext();
        using var body = new MemoryStream();
        context.Response.Body = body;

        await PageResponse.WriteAsync(context, new Page("T", Html.Empty) { FormTargets = ["https://idp.example.test"] });

        var text = Encoding.UTF8.GetString(body.ToArray());
        var style = text.Split("<style>")[1].Split("</style>")[0];
        var hash = Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(style)));
        Assert.Equal(
            $"default-src 'none'; style-src 'sha256-{hash}'; img-src data:; form-action 'self' https://idp.example.test; " +
            "base-uri 'none'; frame-ancestors 'none'",
            context.Response.Headers.ContentSecurityPolicy);
        Assert.Equal("no-store", context.Response.Headers.CacheControl);
        Assert.DoesNotContain(" style=", text, StringComparison.Ordinal);
        Assert.DoesNotContain('\r', text);
    }
}
