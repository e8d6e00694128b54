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
    [InlineData("country:nz", "country:NZ")]
    [InlineData("geo:T1", "country:T1")]
    [InlineData("group: Night shift ", "group:Night shift")]
    [InlineData("login_method:Okta", "login_method:Okta")]
    [InlineData("auth_method:mfa", "auth_method:mfa")]
    [InlineData("Certificate", "certificate")]
    [InlineData("common_name:build:7", "common_name:build:7")]
    [InlineData("email_list:6ff42ae2", "email_list:6ff42ae2")]
    [InlineData("ip_list:6ff42ae2", "ip_list:6ff42ae2")]
    [InlineData("device_posture:6ff42ae2", "device_posture:6ff42ae2")]
    [InlineData("linked_app_token:6ff42ae2", "linked_app_token:6ff42ae2")]
    [InlineData("user_risk_score:low, high", "user_risk_score:low,high")]
    [InlineData("cloudflare_account_member", "cloudflare_account_member")]
    [InlineData("email:\"a:b\"@example.com", "email:\"a:b\"@example.com")]
    [InlineData("""{ "geo": { "country_code": "NZ" } }""", "country:NZ")]
    [InlineData("""{ "weather": { "is": "fine" } }""", """{"weather":{"is":"fine"}}""")]
    [InlineData("""{ "group": { "id": " x" } }""", """{"group":{"id":" x"}}""")]
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
    [InlineData("country:New Zealand")]
    [InlineData("country:alice@example.com")]
    [InlineData("group:")]
    [InlineData("user_risk_score:dreadful")]
    [InlineData("user_risk_score:")]
    [InlineData("weather:fine")]
    [InlineData("oidc:role=admin")]
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
