using System.Management.Automation;
using Tunnel.Access;
using Tunnel.Core.Applications;
using Tunnel.PowerShell.Completion;
using Tunnel.PowerShell.Pipeline;

namespace Tunnel.PowerShell.Access;

/// <summary>A cmdlet that asks policies about visitors who need not exist.</summary>
public abstract class VisitorCmdlet : AccountCmdlet
{
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

    /// <summary>Whether something was said that tells the visitor from others, beside where they come from.</summary>
    private protected bool IsSomebody => !string.IsNullOrEmpty(Email) || !string.IsNullOrEmpty(ServiceToken) || !string.IsNullOrEmpty(CommonName);

    /// <summary>The visitor of this pipeline item.</summary>
    /// <param name="rules">Finds what names stand for in the account; null: names stand for themselves.</param>
    private protected async Task<AccessVisitor> VisitorAsync(AccessRuleResolver? rules) => new()
    {
        Email = Email,
        Address = AccessTester.AddressOf(IpAddress),
        Country = Country,
        ServiceTokenId = string.IsNullOrEmpty(ServiceToken) ? null
            : rules is null ? ServiceToken : await rules.ServiceTokenIdAsync(ServiceToken, StopToken),
        ServiceTokenName = ServiceToken,
        LoginMethodId = string.IsNullOrEmpty(LoginMethod) ? null
            : rules is null ? LoginMethod : await rules.IdentityProviderIdAsync(LoginMethod, StopToken),
        // An empty cell of a table says nothing.
        AuthenticationMethods = AuthenticationMethod is [""] ? null : AuthenticationMethod,
        IdentityGroups = IdentityGroup is [""] ? null : IdentityGroup,
        Certificate = string.IsNullOrEmpty(CommonName) ? null : new VisitorCertificate(CommonName),
    };
}
