using System.Net;
using CsCheck;

namespace Tunnel.Access.Tests;

/// <summary>Rules, policies and visitors from small sets, so that they often meet.</summary>
internal static class AccessGen
{
    internal const string Okta = "0a1b";
    internal const string GitHub = "2c3d";

    internal static readonly ExternalEvaluationRule External = new("https://example.com/ask", "https://example.com/keys");

    /// <summary>Every selector that can be evaluated, and some that cannot.</summary>
    internal static readonly Gen<AccessRule> Leaf = Gen.OneOf<AccessRule>(
        new EveryoneRule(),
        new EmailRule("alice@example.com"),
        new EmailRule("bob@example.org"),
        new EmailDomainRule("example.com"),
        Range("10.0.0.0/8"),
        Range("2001:db8::/32"),
        new CountryRule("NZ"),
        new ServiceTokenRule("one"),
        new ServiceTokenRule("two"),
        new AnyValidServiceTokenRule(),
        new CertificateRule(),
        new CommonNameRule("build"),
        new LoginMethodRule(Okta),
        new AuthenticationMethodRule("mfa"),
        new OktaGroupRule("Admins", Okta),
        new GitHubOrganizationRule("example", GitHub, "ops"),
        new OidcClaimRule("role", "admin", Okta),
        External,
        new DevicePostureRule("posture"),
        new EmailListRule("people"),
        new IpListRule("places"),
        new UnknownRule("weather", """{"is":"fine"}"""));

    /// <summary>The groups a to d of <see cref="Groups"/>, and one that is never there.</summary>
    internal static readonly Gen<AccessRule> Group = Gen.OneOf("a", "b", "c", "d", "gone").Select(id => (AccessRule)new GroupRule(id));

    internal static readonly Gen<AccessRule> Rule = Gen.Frequency((4, Leaf), (1, Group));

    private static readonly Gen<AccessVisitor> Network = Gen.Select(
        Gen.OneOf(null, IPAddress.Parse("10.1.2.3"), IPAddress.Parse("192.0.2.1"), IPAddress.Parse("2001:db8::1")),
        Gen.OneOf(null, "one", "two"),
        Gen.OneOf(null, "NZ", "FR"),
        Gen.OneOf(null, VisitorCertificate.None, new VisitorCertificate(null), new VisitorCertificate("build")),
        Gen.OneOf<bool?>(null, true, false),
        (address, token, country, certificate, external) => new AccessVisitor
        {
            Address = address,
            ServiceTokenId = token,
            Country = country,
            Certificate = certificate,
            ExternalEvaluations = external is { } answer
                ? new Dictionary<ExternalEvaluationRule, bool> { [External] = answer }
                : null,
        });

    private static readonly Gen<Func<AccessVisitor, AccessVisitor>> SignIn = Gen.Select(
        Gen.OneOf("alice@example.com", "bob@example.org", "carol@example.com"),
        Gen.OneOf(null, Okta, GitHub),
        Gen.OneOf<string[]?>(null, [], ["pwd", "mfa"]),
        Gen.OneOf<string[]?>(null, [], ["Admins"], ["example", "example/ops"]),
        Gen.OneOf<string?>(null, "", "admin"),
        (email, method, ways, groups, role) => (Func<AccessVisitor, AccessVisitor>)(visitor => visitor with
        {
            Email = email,
            LoginMethodId = method,
            AuthenticationMethods = ways,
            IdentityGroups = groups,
            Claims = role is null ? null : new Dictionary<string, IReadOnlyList<string>> { ["role"] = [role] },
        }));

    /// <summary>A visitor before a sign-in, and the same one after.</summary>
    internal static readonly Gen<(AccessVisitor Before, AccessVisitor After)> SigningIn =
        Gen.Select(Network, SignIn, (before, signIn) => (before, signIn(before)));

    internal static readonly Gen<AccessVisitor> Visitor =
        Gen.Select(SigningIn, Gen.Bool, (both, isSignedIn) => isSignedIn ? both.After : both.Before);

    /// <summary>Groups that may nest, in a circle as well.</summary>
    internal static readonly Gen<AccessGroups> Groups = Gen.Select(
        GroupOf("a"), GroupOf("b"), GroupOf("c"), GroupOf("d"), (a, b, c, d) => new AccessGroups([a, b, c, d]));

    /// <summary>Some of the addresses that visitors have, and others.</summary>
    internal static readonly Gen<List<string>> Emails =
        Gen.OneOf("alice@example.com", "BOB@example.org", "carol@example.com", "nobody@example.net").List[1, 4];

    /// <summary>Ranges with and without the places that visitors come from.</summary>
    internal static readonly Gen<List<string>> Ranges =
        Gen.OneOf("10.0.0.0/8", "10.1.2.3", "10.1.2.99/24", "192.0.2.0/28", "2001:db8::/32", "2001:db8::2", "0.0.0.0/0").List[1, 5];

    /// <summary>The lists that <see cref="Leaf"/> names: each of its own kind, or not there, or of the other kind.</summary>
    internal static readonly Gen<AccessLists> Lists = Gen.Select(
        ListOf("people", AccessListKind.Email), ListOf("places", AccessListKind.Ip), (one, other) => new AccessLists([.. one, .. other]));

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

    private static Gen<AccessList[]> ListOf(string id, AccessListKind kind) => Gen.Select(
        Gen.Frequency((4, Gen.Const(true)), (1, Gen.Const(false))), Gen.Frequency((4, Gen.Const(true)), (1, Gen.Const(false))), Emails, Ranges,
        (isThere, isOfKind, emails, ranges) => !isThere ? Array.Empty<AccessList>()
            : (kind == AccessListKind.Email) == isOfKind ? [new AccessList(id, id, AccessListKind.Email, emails)]
            : [new AccessList(id, id, AccessListKind.Ip, ranges)]);

    private static Gen<AccessGroup> GroupOf(string id) => Gen.Select(
        Rule.List[0, 3], Rule.List[0, 2], Rule.List[0, 2],
        (include, require, exclude) => new AccessGroup
        {
            Id = id, Name = "Group " + id, Include = include, Require = require, Exclude = exclude,
        });
}
