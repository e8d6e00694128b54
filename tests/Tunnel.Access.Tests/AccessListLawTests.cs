using System.Net;
using CsCheck;

namespace Tunnel.Access.Tests;

/// <summary>What holds for all lists.</summary>
public class AccessListLawTests
{
    private const int Iterations = 20_000;

    private static readonly Gen<IPNetwork> s_range = Gen.Select(Gen.Byte.Array[4], Gen.Int[0, 32], Gen.Bool, (bytes, length, isLong) =>
        isLong ? Range($"2001:db8::{bytes[0]:x}{bytes[1]:x2}:{bytes[2]:x}{bytes[3]:x2}/{length + 96}") : Range($"{new IPAddress(bytes)}/{length}"));

    private static readonly Gen<IPAddress> s_address = Gen.Select(Gen.Byte.Array[4], Gen.Int[0, 2], (bytes, form) => form switch
    {
        0 => new IPAddress(bytes),
        1 => new IPAddress(bytes).MapToIPv6(),
        _ => IPAddress.Parse($"2001:db8::{bytes[0]:x}{bytes[1]:x2}:{bytes[2]:x}{bytes[3]:x2}"),
    });

    [Fact]
    public void Lists_that_are_not_there_never_let_anyone_in() =>
        Gen.Select(AccessGen.Policies, AccessGen.Groups, AccessGen.Lists, AccessGen.Visitor).Sample((policies, groups, lists, visitor) =>
            PolicyEvaluator.Evaluate(policies, visitor, groups, lists).IsAllowed
            || !PolicyEvaluator.Evaluate(policies, visitor, groups).IsAllowed, iter: 5 * Iterations);

    [Fact]
    public void A_list_says_what_its_entries_would_say_as_rules_in_its_place() =>
        Gen.Select(AccessGen.Decision, Gen.Int[0, 2], Gen.Bool, AccessGen.Emails, AccessGen.Ranges, AccessGen.Visitor)
            .Sample((decision, part, isEmail, emails, ranges, visitor) =>
            {
                var lists = new AccessLists([List("people", emails), Ranges("places", ranges)]);
                AccessRule named = isEmail ? new EmailListRule("people") : new IpListRule("places");
                AccessRule[] spelled = isEmail
                    ? [.. emails.Select(email => new EmailRule(email))] : [.. ranges.Select(range => AccessGen.Range(range))];
                // A list matches when any entry does: among required rules that takes a group.
                var groups = new AccessGroups([new AccessGroup { Id = "g", Name = "g", Include = spelled }]);
                var one = PolicyEvaluator.Evaluate([Policy(decision, part, [named])], visitor, null, lists);
                var other = PolicyEvaluator.Evaluate([Policy(decision, part, [new GroupRule("g")])], visitor, groups);
                return one.IsAllowed == other.IsAllowed && one.NeedsIdentity == other.NeedsIdentity
                    && one.Policy is null == other.Policy is null;
            }, iter: Iterations);

    [Fact]
    public void Whoever_is_taken_off_a_list_gets_in_by_no_policy_that_includes_or_requires_it() =>
        Gen.Select(Gen.OneOf(AccessDecision.Allow, AccessDecision.Bypass), Gen.Int[0, 1], AccessGen.Emails, AccessGen.Visitor)
            .Sample((decision, part, emails, visitor) =>
            {
                var left = emails.Where(email => !string.Equals(email, visitor.Email, StringComparison.OrdinalIgnoreCase));
                return !PolicyEvaluator.Evaluate(
                    [Policy(decision, part, [new EmailListRule("people")])], visitor, null, new AccessLists([List("people", left)])).IsAllowed;
            }, iter: Iterations);

    [Fact]
    public void Whoever_is_put_on_a_list_gets_in_by_no_policy_that_excludes_it() =>
        Gen.Select(AccessGen.Decision, AccessGen.Emails, AccessGen.Visitor).Sample((decision, emails, visitor) =>
            !PolicyEvaluator.Evaluate(
                [Policy(decision, 2, [new EmailListRule("people")])], visitor, null,
                new AccessLists([List("people", visitor.Email is { } email ? emails.Append(email) : emails)])).IsAllowed
            || !visitor.IsSignedIn, iter: Iterations);

    [Fact]
    public void A_list_of_the_other_kind_says_no_more_than_one_that_is_not_there() =>
        Gen.Select(AccessGen.Policies, AccessGen.Groups, AccessGen.Emails, AccessGen.Ranges, AccessGen.Visitor)
            .Sample((policies, groups, emails, ranges, visitor) =>
            {
                var swapped = new AccessLists([Ranges("people", ranges), List("places", emails)]);
                var one = PolicyEvaluator.Evaluate(policies, visitor, groups, swapped);
                var other = PolicyEvaluator.Evaluate(policies, visitor, groups);
                return one.IsAllowed == other.IsAllowed && one.NeedsIdentity == other.NeedsIdentity && ReferenceEquals(one.Policy, other.Policy);
            }, iter: Iterations);

    [Fact]
    public void A_list_holds_an_address_if_one_of_its_ranges_does() =>
        Gen.Select(s_range.List[0, 20], s_address).Sample((ranges, address) =>
            new AccessList("id", "places", AccessListKind.Ip, ranges.Select(IpRanges.Format)).Contains(address)
                == ranges.Any(range => range.Contains(address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address)), iter: Iterations);

    private static AccessPolicy Policy(AccessDecision decision, int part, AccessRule[] rules) => new()
    {
        Id = "id",
        Name = "generated",
        Decision = decision,
        Include = part == 0 ? rules : [new EveryoneRule()],
        Require = part == 1 ? rules : [],
        Exclude = part == 2 ? rules : [],
    };

    private static AccessList List(string id, IEnumerable<string> emails) => new(id, id, AccessListKind.Email, emails);

    private static AccessList Ranges(string id, IEnumerable<string> ranges) => new(id, id, AccessListKind.Ip, ranges);

    private static IPNetwork Range(string text) => IpRanges.TryParse(text, out var range) ? range : throw new ArgumentException(text);
}
