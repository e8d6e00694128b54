using System.Net;
using CsCheck;

namespace Tunnel.Access.Tests;

/// <summary>Rules, policies and visitors from small sets, so that they often meet.</summary>
internal static class AccessGen
{
    internal static readonly Gen<AccessRule> Rule = Gen.OneOf<AccessRule>(
        new EveryoneRule(),
        new EmailRule("alice@example.com"),
        new EmailRule("bob@example.org"),
        new EmailDomainRule("example.com"),
        Range("10.0.0.0/8"),
        Range("2001:db8::/32"),
        new ServiceTokenRule("one"),
        new ServiceTokenRule("two"),
        new AnyValidServiceTokenRule(),
        new UnknownRule("geo", """{"country_code":"NZ"}"""));

    internal static readonly Gen<AccessVisitor> Visitor = Gen.Select(
        Gen.OneOf(null, "alice@example.com", "bob@example.org", "carol@example.com"),
        Gen.OneOf(null, IPAddress.Parse("10.1.2.3"), IPAddress.Parse("192.0.2.1"), IPAddress.Parse("2001:db8::1")),
        Gen.OneOf(null, "one", "two"),
        (email, address, token) => new AccessVisitor { Email = email, Address = address, ServiceTokenId = token });

    internal static readonly Gen<AccessDecision> Decision = Gen.OneOf(
        AccessDecision.Allow, AccessDecision.Deny, AccessDecision.Bypass, AccessDecision.NonIdentity);

    internal static readonly Gen<AccessPolicy> Policy = Gen.Select(
        Decision, Gen.Int[1, 4], Rule.List[0, 3], Rule.List[0, 2], Rule.List[0, 2],
        (decision, precedence, include, require, exclude) => new AccessPolicy
        {
            Id = "id",
            Name = "generated",
            Decision = decision,
            Precedence = precedence,
            Include = include,
            Require = require,
            Exclude = exclude,
        });

    internal static readonly Gen<List<AccessPolicy>> Policies = Policy.List[0, 5];

    internal static IpRangeRule Range(string text) =>
        IpRanges.TryParse(text, out var range) ? new IpRangeRule(range) : throw new ArgumentException(text);
}
