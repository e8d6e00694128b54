using System.Management.Automation;
using Tunnel.Access;
using Tunnel.Core.Applications;
using Tunnel.PowerShell.Completion;

namespace Tunnel.PowerShell.Access;

/// <summary>Says who would get in, by which policy and rule, or why not.</summary>
/// <remarks>
/// <para>With -Application the policies are asked as the account has them now; with -Policy those that are given, with no
/// account and no network. Nobody signs in, and nothing changes. A fact that is not given counts as not known, and what is
/// not known lets nobody in.</para>
/// <para>Device posture and external evaluations are not known here either.</para>
/// <para>A policy for -Policy is one of Get-AccessPolicy, or a hashtable with Name, Decision, Include, Require, Exclude and
/// Precedence; rules are typed as in New-AccessPolicy. There, service tokens, login methods, groups and lists are what the
/// rules call them; -Group says who is in a group, and -List what is in a list. Rules of a group or list that is not given let
/// nobody in.</para>
/// <para>Give a table of people through the pipeline: its columns are the parameters.</para>
/// </remarks>
/// <example>
/// <para>Would she get in?</para>
/// <code>
/// Test-AccessPolicy ssh.example.test -Email alice@example.com -IpAddress 192.0.2.1 | Format-List
/// </code>
/// <para>Names the policy and the rule that let her in, or says why no policy does.</para>
/// </example>
/// <example>
/// <para>A whole table</para>
/// <code>
/// Import-Csv people.csv | Test-AccessPolicy ssh.example.test | Where-Object IsAllowed -eq $false
/// </code>
/// <para>With columns such as Email, IpAddress and Country: shows who would stay out.</para>
/// </example>
/// <example>
/// <para>Policies that are not live yet</para>
/// <code>
/// $policy = @{ Name = 'staff'; Decision = 'Allow'; Include = 'group:operators'; Require = '10.0.0.0/8' }
/// $group = @{ Name = 'operators'; Include = '@example.com'; Exclude = 'guest@example.com' }
/// Import-Csv people.csv | Test-AccessPolicy -Policy $policy -Group $group
/// </code>
/// <para>Needs no account: for a test that runs before the change does.</para>
/// </example>
/// <example>
/// <para>A list that is not there yet</para>
/// <code>
/// $policy = @{ Name = 'staff'; Decision = 'Allow'; Include = 'email_list:operators' }
/// Test-AccessPolicy -Policy $policy -List @{ Name = 'operators'; Item = 'alice@example.com' } -Email alice@example.com
/// </code>
/// <para>Lists of the account work as well: Get-AccessList -IncludeItem.</para>
/// </example>
[Cmdlet(VerbsDiagnostic.Test, "AccessPolicy", DefaultParameterSetName = OfApplication)]
[OutputType(typeof(AccessTest))]
public sealed class TestAccessPolicy : VisitorCmdlet
{
    private const string OfApplication = "Application";
    private const string Offline = "Policy";

    // Policies are read once for all people of a table.
    private readonly Dictionary<string, AccessTester> _testers = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>The hostname, name or id of the application.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipelineByPropertyName = true, ParameterSetName = OfApplication)]
    [Alias("Hostname")]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ApplicationNameCompleter))]
    public string? Application { get; set; }

    /// <summary>The policies to ask, of no account or of any.</summary>
    [Parameter(Mandatory = true, ParameterSetName = Offline)]
    [AccessPolicyTransformation]
    [AllowEmptyCollection]
    public PolicyDefinition[] Policy { get; set; } = [];

    /// <summary>The groups that these policies name.</summary>
    [Parameter(ParameterSetName = Offline)]
    [AccessGroupTransformation]
    [AllowEmptyCollection]
    public AccessGroup[] Group { get; set; } = [];

    /// <summary>The lists that these policies and groups name.</summary>
    [Parameter(ParameterSetName = Offline)]
    [AccessListTransformation]
    [AllowEmptyCollection]
    public AccessList[] List { get; set; } = [];

    protected override object? ErrorTarget => Application ?? Email;

    protected override async Task ProcessItemAsync()
    {
        bool isOffline = ParameterSetName == Offline;
        string key = isOffline ? "" : Application!;
        if (!_testers.TryGetValue(key, out AccessTester? tester))
        {
            tester = isOffline
                ? AccessTester.Of(Policy, Group, List)
                : await AccessTester.LoadAsync(Connected.Api, Connected.AccountId, Application!, StopToken);
            _testers.Add(key, tester);
        }

        WriteObject(tester.Test(await VisitorAsync(isOffline ? null : new AccessRuleResolver(Connected.Api, Connected.AccountId))));
    }
}
