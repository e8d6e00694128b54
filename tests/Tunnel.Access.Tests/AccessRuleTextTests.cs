using CsCheck;

namespace Tunnel.Access.Tests;

public class AccessRuleTextTests
{
    [Theory]
    [InlineData("everyone", "everyone")]
    [InlineData(" Everyone ", "everyone")]
    [InlineData("alice@example.com", "alice@example.com")]
    [InlineData("email:alice@example.com", "alice@example.com")]
    [InlineData("@example.com", "@example.com")]
    [InlineData("email_domain: example.com", "@example.com")]
    [InlineData("10.1.2.3/8", "10.0.0.0/8")]
    [InlineData("ip:10.1.2.3", "10.1.2.3")]
    [InlineData("2001:DB8::/32", "2001:db8::/32")]
    [InlineData("service_token:6ff42ae2-765d-4adf-8112-31c55c1551ef", "service_token:6ff42ae2-765d-4adf-8112-31c55c1551ef")]
    [InlineData("any_valid_service_token", "any_valid_service_token")]
    [InlineData("""{ "geo": { "country_code": "NZ" } }""", """{"geo":{"country_code":"NZ"}}""")]
    public void Short_forms_are_read_and_written(string text, string canonical) =>
        Assert.Equal(canonical, AccessRuleText.Parse(text).ToString());

    [Theory]
    [InlineData("")]
    [InlineData("alice")]
    [InlineData("@")]
    [InlineData("a@b@")]
    [InlineData("alice@exam ple.com")]
    [InlineData("10.0.0.0/33")]
    [InlineData("10.0.0.0/-1")]
    [InlineData("10.0.0.0/08")]
    [InlineData("010.0.0.1")]
    [InlineData("10.1")]
    [InlineData("fe80::1%eth0/64")]
    [InlineData("service_token:")]
    [InlineData("everyone:else")]
    [InlineData("country:NZ")]
    public void Anything_else_is_refused_with_the_list_of_forms(string text)
    {
        var refusal = Assert.Throws<AccessRuleFormatException>(() => AccessRuleText.Parse(text));

        Assert.Contains("@example.com", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_written_is_read_back() =>
        AccessGen.Rule.Sample(rule => AccessRuleText.Parse(rule.ToString()) == rule);

    [Fact]
    public void Random_text_gives_a_rule_that_reads_back_or_the_format_exception() =>
        Gen.OneOf(Gen.String, Gen.String[Gen.Char["aA1@.:/{}\" -"], 0, 12]).Sample(text =>
        {
            try
            {
                var rule = AccessRuleText.Parse(text);
                return AccessRuleText.Parse(rule.ToString()) == rule;
            }
            catch (AccessRuleFormatException)
            {
                return true;
            }
        }, iter: 20_000);
}
