using System.Text.Json;
using System.Text.Json.Serialization;
using CsCheck;

namespace Tunnel.Access.Tests;

public partial class AccessRuleJsonTests
{
    private const string Policy = """
        [{"email":{"email":"alice@example.com"}},{"email_domain":{"domain":"example.com"}},{"everyone":{}},
         {"ip":{"ip":"10.0.0.0/8"}},{"service_token":{"token_id":"6ff42ae2"}},{"any_valid_service_token":{}},
         {"saml":{"attribute_name":"group","attribute_value":"Ünïcode","identity_provider_id":"x"}},{"login_method":[1,2.50,null,true]}]
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
                new UnknownRule("saml", """{"attribute_name":"group","attribute_value":"Ünïcode","identity_provider_id":"x"}"""),
                new UnknownRule("login_method", "[1,2.50,null,true]"),
            ],
            rules);
    }

    [Fact]
    public void What_is_read_is_written_as_it_was() =>
        Assert.Equal(Policy.ReplaceLineEndings("").Replace(" ", "", StringComparison.Ordinal), AccessRuleJson.ToJson(AccessRuleJson.ParseList(Policy)));

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
