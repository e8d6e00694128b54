using System.Management.Automation;
using Tunnel.Access;
using Tunnel.Core.Applications;
using Tunnel.PowerShell.Completion;
using Tunnel.PowerShell.Pipeline;

namespace Tunnel.PowerShell.Access;

/// <summary>Says who would get in, by which policy and rule, or why not.</summary>
/// <remarks>
/// <para>The policies are asked as the account has them now, about visitors who need not exist: nobody signs in, and
/// nothing changes. A fact that is not given counts as not known, and what is not known lets nobody in.</para>
/// <para>Lists, device posture and external evaluations are not known here either.</para>
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
[Cmdlet(VerbsDiagnostic.Test, "AccessPolicy")]
[OutputType(typeof(AccessTest))]
public sealed class TestAccessPolicy : AccountCmdlet
{
    // Policies are read once for all people of a table.
    private readonly Dictionary<string, AccessTester> _testers = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>The hostname, name or id of the application.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipelineByPropertyName = true)]
    [Alias("Hostname")]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ApplicationNameCompleter))]
    public string Application { get; set; } = null!;

    /// <summary>The address that the visitor signed in with. Default: a visitor who has not signed in.</summary>
    [Parameter(Position = 1, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    public string? Email { get; set; }

    /// <summary>Where the visitor comes from.</summary>
    [Parameter(Position = 2, ValueFromPipelineByPropertyName = true)]
    public string? IpAddress { get; set; }

    /// <summary>The country of that address: two letters of ISO 3166-1, or T1 for Tor.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    public string? Country { get; set; }

    /// <summary>The service token that the visitor shows, by name or id.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(ServiceTokenNameCompleter))]
    public string? ServiceToken { get; set; }

    /// <summary>The identity provider that the visitor signed in at, by name or id.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(IdentityProviderNameCompleter))]
    public string? LoginMethod { get; set; }

    /// <summary>How the visitor proved who they are, in the words of RFC 8176.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(AuthenticationMethodCompleter))]
    public string[]? AuthenticationMethod { get; set; }

    /// <summary>The groups that the identity provider tells, as its selector names them; GitHub: organization/team.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    public string[]? IdentityGroup { get; set; }

    /// <summary>The common name of the client certificate that the visitor shows.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    public string? CommonName { get; set; }

    protected override object? ErrorTarget => Application;

    protected override async Task ProcessItemAsync()
    {
        if (!_testers.TryGetValue(Application, out AccessTester? tester))
        {
            tester = await AccessTester.LoadAsync(Connected.Api, Connected.AccountId, Application, StopToken);
            _testers.Add(Application, tester);
        }

        var rules = new AccessRuleResolver(Connected.Api, Connected.AccountId);
        WriteObject(tester.Test(new AccessVisitor
        {
            Email = Email,
            Address = AccessTester.AddressOf(IpAddress),
            Country = Country,
            ServiceTokenId = string.IsNullOrEmpty(ServiceToken) ? null : await rules.ServiceTokenIdAsync(ServiceToken, StopToken),
            ServiceTokenName = ServiceToken,
            LoginMethodId = string.IsNullOrEmpty(LoginMethod) ? null : await rules.IdentityProviderIdAsync(LoginMethod, StopToken),
            // An empty cell of a table says nothing.
            AuthenticationMethods = AuthenticationMethod is [""] ? null : AuthenticationMethod,
            IdentityGroups = IdentityGroup is [""] ? null : IdentityGroup,
            Certificate = string.IsNullOrEmpty(CommonName) ? null : new VisitorCertificate(CommonName),
        }));
    }
}
