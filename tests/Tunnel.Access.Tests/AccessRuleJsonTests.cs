using System.Text.Json;
using System.Text.Json.Serialization;
using CsCheck;

namespace Tunnel.Access.Tests;

public partial class AccessRuleJsonTests
{
    private const string Policy = """
        [{"email":{"email":"alice@example.com"}},{"email_domain":{"domain":"example.com"}},{"everyone":{}},
         {"ip":{"ip":"10.0.0.0/8"}},{"service_token":{"token_id":"6ff42ae2"}},{"any_valid_service_token":{}},
         {"email_list":{"id":"e1"}},{"ip_list":{"id":"i1"}},{"geo":{"country_code":"NZ"}},{"group":{"id":"g1"}},
         {"login_method":{"id":"p1"}},{"auth_method":{"auth_method":"mfa"}},{"certificate":{}},
         {"common_name":{"common_name":"build"}},
         {"auth_context":{"id":"x1","ac_id":"c1","identity_provider_id":"p1"}},
         {"oidc":{"claim_name":"role","claim_value":"admin","identity_provider_id":"p1"}},
         {"saml":{"attribute_name":"group","attribute_value":"Ünïcode","identity_provider_id":"p1"}},
         {"azureAD":{"id":"a1","identity_provider_id":"p1"}},{"gsuite":{"email":"ops@example.com","identity_provider_id":"p1"}},
         {"okta":{"identity_provider_id":"p1","name":"Admins"}},{"github-organization":{"identity_provider_id":"p1","name":"example"}},
         {"github-organization":{"identity_provider_id":"p1","name":"example","team":"ops"}},
         {"external_evaluation":{"evaluate_url":"https://example.com/ask","keys_url":"https://example.com/keys"}},
         {"device_posture":{"integration_uid":"d1"}},{"device_posture":{"integration_uid":"d1","account_id":"f1"}},
         {"linked_app_token":{"app_uid":"l1"}},{"user_risk_score":{"user_risk_score":["low","unscored"]}},
         {"cloudflare_account_member":{}},{"cloudflare_account_member":{"account_id":"f1"}},
         {"weather":{"is":"fine","wind":[1,2.50,null,true]}},{"login_method":[1,2.50,null,true]},{"group":{"id":"g1","until":"noon"}}]
        """;

    [Fact]
    public void Selectors_of_the_API_are_read()
    {
        var rules = AccessRuleJson.ParseList(Policy);

        Assert.Equal(
            [
                new EmailRule("alice@example.com"),
                new EmailDomainRule("example.com"),
                new EveryoneRule(),
                AccessGen.Range("10.0.0.0/8"),
                new ServiceTokenRule("6ff42ae2"),
                new AnyValidServiceTokenRule(),
                new EmailListRule("e1"),
                new IpListRule("i1"),
                new CountryRule("NZ"),
                new GroupRule("g1"),
                new LoginMethodRule("p1"),
                new AuthenticationMethodRule("mfa"),
                new CertificateRule(),
                new CommonNameRule("build"),
                new AuthenticationContextRule("x1", "c1", "p1"),
                new OidcClaimRule("role", "admin", "p1"),
                new SamlAttributeRule("group", "Ünïcode", "p1"),
                new AzureGroupRule("a1", "p1"),
                new GoogleGroupRule("ops@example.com", "p1"),
                new OktaGroupRule("Admins", "p1"),
                new GitHubOrganizationRule("example", "p1"),
                new GitHubOrganizationRule("example", "p1", "ops"),
                new ExternalEvaluationRule("https://example.com/ask", "https://example.com/keys"),
                new DevicePostureRule("d1"),
                new DevicePostureRule("d1", "f1"),
                new LinkedAppTokenRule("l1"),
                new UserRiskScoreRule(["low", "unscored"]),
                new AccountMemberRule(),
                new AccountMemberRule("f1"),
                new UnknownRule("weather", """{"is":"fine","wind":[1,2.50,null,true]}"""),
                new UnknownRule("login_method", "[1,2.50,null,true]"),
                new UnknownRule("group", """{"id":"g1","until":"noon"}"""),
            ],
            rules);
    }

    [Fact]
    public void What_is_read_is_written_as_it_was() =>
        Assert.Equal(Policy.ReplaceLineEndings("").Replace(" ", "", StringComparison.Ordinal), AccessRuleJson.ToJson(AccessRuleJson.ParseList(Policy)));

    [Fact]
    public void A_range_that_is_written_another_way_is_sent_back_as_it_was() =>
        Assert.Equal("""{"ip":{"ip":"10.1.2.3/8"}}""", AccessRuleJson.ToJson(AccessRuleJson.Parse("""{"ip":{"ip":"10.1.2.3/8"}}""")));

    [Fact]
    public void A_value_that_a_control_plane_takes_and_this_program_does_not_survives_and_is_not_known()
    {
        var json = """{"geo":{"country_code":"Middle-earth"}}""";
        using var document = JsonDocument.Parse(json);

        var rule = AccessRuleJson.FromAccepted(document.RootElement);

        Assert.IsType<UnknownRule>(rule);
        Assert.Equal(json, AccessRuleJson.ToJson(rule));
        Assert.Throws<AccessRuleFormatException>(() => AccessRuleJson.FromElement(document.RootElement));
    }

    [Fact]
    public void A_member_that_stands_twice_makes_a_rule_that_is_not_known() =>
        Assert.All(
            [
                """{"email":{"email":"alice@example.com","email":"bob@example.org"}}""",
                """{"okta":{"name":"Admins","name":"Everybody"}}""",
                """{"github-organization":{"name":"one","name":"two","identity_provider_id":"p1"}}""",
            ],
            json => Assert.IsType<UnknownRule>(AccessRuleJson.Parse(json)));

    [Fact]
    public void What_is_written_is_read_back() =>
        AccessGen.Rule.List[0, 8].Sample(rules => AccessRuleJson.ParseList(AccessRuleJson.ToJson(rules)).SequenceEqual(rules));

    [Fact]
    public void A_known_selector_with_more_members_is_not_taken_for_the_known_one() =>
        Assert.IsType<UnknownRule>(AccessRuleJson.Parse("""{"email":{"email":"alice@example.com","only_on":"Monday"}}"""));

    [Theory]
    [InlineData("")]
    [InlineData("7")]
    [InlineData("{}")]
    [InlineData("""{"everyone":{},"ip":{"ip":"10.0.0.0/8"}}""")]
    [InlineData("""{"email":{"email":"nobody"}}""")]
    [InlineData("""{"email":{"email":7}}""")]
    [InlineData("""{"ip":{"ip":"10.0.0.0/99"}}""")]
    [InlineData("""{"geo":{"country_code":"New Zealand"}}""")]
    [InlineData("""{"group":{"id":""}}""")]
    [InlineData("""{"group":{"id":null}}""")]
    [InlineData("""{"user_risk_score":{"user_risk_score":["dreadful"]}}""")]
    [InlineData("""{"user_risk_score":{"user_risk_score":"low"}}""")]
    [InlineData("""{"external_evaluation":{"evaluate_url":"http://example.com","keys_url":"https://example.com"}}""")]
    [InlineData("""{"x":"\ud800"}""")]
    [InlineData("""{"email":{"email":"\ud800@example.com"}}""")]
    public void What_is_not_a_rule_is_refused(string json) =>
        Assert.Throws<AccessRuleFormatException>(() => AccessRuleJson.Parse(json));

    [Fact]
    public void Bounds_hold()
    {
        var many = "[" + string.Join(',', Enumerable.Repeat("""{"everyone":{}}""", AccessRuleJson.MaxRules + 1)) + "]";
        var deep = new string('[', 100_000);

        Assert.Throws<AccessRuleFormatException>(() => AccessRuleJson.ParseList(many));
        Assert.Throws<AccessRuleFormatException>(() => AccessRuleJson.Parse("{\"x\":" + deep));
    }

    [Fact]
    public void Mutated_JSON_gives_rules_that_read_back_or_the_format_exception() =>
        Gen.Select(Gen.Int[0, Policy.Length - 1], Gen.Int[0, 4], Gen.String[Gen.Char["{}[]\":,\\udeX0 \u00e9"], 0, 4]).List[1, 3].Sample(edits =>
        {
            var text = Policy;
            foreach (var (at, length, insert) in edits)
            {
                var from = Math.Min(at, text.Length);
                text = text.Remove(from, Math.Min(length, text.Length - from)).Insert(from, insert);
            }
            try
            {
                var rules = AccessRuleJson.ParseList(text);
                return AccessRuleJson.ParseList(AccessRuleJson.ToJson(rules)).SequenceEqual(rules);
            }
            catch (AccessRuleFormatException)
            {
                return true;
            }
        }, iter: 5_000);

    [Fact]
    public void Records_that_hold_rules_and_decisions_pass_through_source_generated_JSON()
    {
        var json = """{"Decision":"non_identity","Include":[{"any_valid_service_token":{}}]}""";

        var record = JsonSerializer.Deserialize(json, Context.Default.Holder)!;

        Assert.Equal(AccessDecision.NonIdentity, record.Decision);
        Assert.Equal(json, JsonSerializer.Serialize(record, Context.Default.Holder));
        Assert.Throws<JsonException>(() => JsonSerializer.Deserialize("""{"Decision":"Allow","Include":[]}""", Context.Default.Holder));
        Assert.Throws<JsonException>(() => JsonSerializer.Deserialize("""{"Decision":"allow","Include":[{}]}""", Context.Default.Holder));
    }

    internal sealed record Holder(AccessDecision Decision, IReadOnlyList<AccessRule> Include);

    [JsonSerializable(typeof(Holder))]
    internal sealed partial class Context : JsonSerializerContext;
}
