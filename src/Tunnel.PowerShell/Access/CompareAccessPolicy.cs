using System.Management.Automation;
using Tunnel.Access;
using Tunnel.Core.Applications;
using Tunnel.PowerShell.Completion;

namespace Tunnel.PowerShell.Access;

/// <summary>Shows who gains and who loses by a change of policies, and by which policy.</summary>
/// <remarks>
/// <para>Compares the policies of an application as the account has them now, or those of -ReferencePolicy, with those of
/// -DifferencePolicy, which take the place of all of them. Nothing changes.</para>
/// <para>It is asked about the people of the pipeline, whose columns are the parameters; with no pipeline and nobody named,
/// about everybody who ever signed in to the account, each with the other facts that are given. A fact that is not given
/// counts as not known, and what is not known lets nobody in.</para>
/// <para>Policies are written as for Test-AccessPolicy -Policy.</para>
/// </remarks>
/// <example>
/// <para>Who loses if only operators get in?</para>
/// <code>
/// Compare-AccessPolicy ssh.example.test -DifferencePolicy @{ Name = 'staff'; Decision = 'Allow'; Include = 'group:operators' }
/// </code>
/// <para>Asked about everybody who has ever signed in, from no known address.</para>
/// </example>
/// <example>
/// <para>One more rule</para>
/// <code>
/// $now = Get-AccessPolicy ssh.example.test
/// $then = $now + @{ Name = 'contractors'; Decision = 'Allow'; Include = '@example.org' }
/// Import-Csv people.csv | Compare-AccessPolicy -ReferencePolicy $now -DifferencePolicy $then
/// </code>
/// <para>Asked about the people of a file. Nobody should lose.</para>
/// </example>
[Cmdlet(VerbsData.Compare, "AccessPolicy", DefaultParameterSetName = OfApplication)]
[OutputType(typeof(AccessComparison))]
public sealed class CompareAccessPolicy : VisitorCmdlet
{
    private const string OfApplication = "Application";
    private const string OfPolicies = "Policy";

    private AccessTester? _before;
    private AccessTester? _after;

    /// <summary>The hostname, name or id of the application whose policies would change.</summary>
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = OfApplication)]
    [Alias("Hostname")]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ApplicationNameCompleter))]
    public string? Application { get; set; }

    /// <summary>The policies before the change.</summary>
    [Parameter(Mandatory = true, ParameterSetName = OfPolicies)]
    [AccessPolicyTransformation]
    [AllowEmptyCollection]
    public PolicyDefinition[] ReferencePolicy { get; set; } = [];

    /// <summary>The policies after the change: all of them.</summary>
    [Parameter(Mandatory = true)]
    [AccessPolicyTransformation]
    [AllowEmptyCollection]
    public PolicyDefinition[] DifferencePolicy { get; set; } = [];

    /// <summary>The groups that the policies name.</summary>
    [Parameter(ParameterSetName = OfPolicies)]
    [AccessGroupTransformation]
    [AllowEmptyCollection]
    public AccessGroup[] Group { get; set; } = [];

    /// <summary>The lists that the policies and groups name.</summary>
    [Parameter(ParameterSetName = OfPolicies)]
    [AccessListTransformation]
    [AllowEmptyCollection]
    public AccessList[] List { get; set; } = [];

    /// <summary>Shows also those for whom nothing changes.</summary>
    [Parameter]
    public SwitchParameter IncludeEqual { get; set; }

    protected override object? ErrorTarget => Application ?? Email;

    private bool IsOffline => ParameterSetName == OfPolicies;

    protected override async Task ProcessItemAsync()
    {
        AccessRuleResolver? names = IsOffline ? null : new AccessRuleResolver(Connected.Api, Connected.AccountId);
        _before ??= IsOffline
            ? AccessTester.Of(ReferencePolicy, Group, List)
            : await AccessTester.LoadAsync(Connected.Api, Connected.AccountId, Application!, StopToken);
        _after ??= await _before.WithAsync(DifferencePolicy, names, StopToken);
        AccessVisitor visitor = await VisitorAsync(names);
        if (IsSomebody || MyInvocation.ExpectingInput)
        {
            Write(visitor);
            return;
        }

        await foreach (string email in AccessTester.PeopleAsync(Connected.Api, Connected.AccountId, StopToken))
        {
            Write(visitor with { Email = email });
        }
    }

    private void Write(AccessVisitor visitor)
    {
        AccessComparison comparison = _before!.Compare(_after!, visitor);
        if (comparison.IsChange || IncludeEqual)
        {
            WriteObject(comparison);
        }
    }
}
