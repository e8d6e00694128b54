using System.Collections;
using System.Management.Automation;
using Tunnel.Core.Applications;
using Tunnel.Core.Identity;
using Tunnel.Core.Ssh.Server;
using Tunnel.PowerShell.Completion;
using Tunnel.PowerShell.Pipeline;

namespace Tunnel.PowerShell.SshHost;

/// <summary>Lets this machine's SSH server take the short-lived certificates of an application.</summary>
/// <remarks>
/// <para>Writes the authority's public key beside sshd's configuration and names it in TrustedUserCAKeys, in a file of its
/// own where the configuration includes sshd_config.d. sshd checks its configuration before and after; what it does not
/// take is undone. The running sshd is told where systemd runs it; IsReloaded says whether. Keys that are let in today are
/// let in still. Run it on the server, as root. Disable-SshCertificateAuthority is the way back.</para>
/// <para>A certificate logs in as the user whose name stands before the @ of the person's address; with -Principal others
/// do, too. Two addresses with the same name before the @ are the same to sshd: let the application's policies admit one
/// domain only.</para>
/// </remarks>
/// <example>
/// <para>Set up the server in one command</para>
/// <code>
/// Enable-SshCertificateAuthority ssh.example.test
/// </code>
/// <para>alice@example.com can log in as alice, by certificate.</para>
/// </example>
/// <example>
/// <para>Several people share a user</para>
/// <code>
/// Get-SshCertificateAuthority ssh.example.test | Enable-SshCertificateAuthority -Principal @{ deploy = 'alice', 'bob' }
/// </code>
/// <para>The certificates of alice and bob log in as deploy; other users are logged in to by their own name.</para>
/// </example>
/// <example>
/// <para>Look first</para>
/// <code>
/// Enable-SshCertificateAuthority ssh.example.test -WhatIf
/// </code>
/// <para>Shows the files and lines, and writes nothing.</para>
/// </example>
[Cmdlet(VerbsLifecycle.Enable, "SshCertificateAuthority", SupportsShouldProcess = true, DefaultParameterSetName = "Application")]
[OutputType(typeof(SshdCertificateSettings))]
public sealed class EnableSshCertificateAuthority : AccountCmdlet
{
    /// <summary>The hostname, name or id of the application whose authority is trusted.</summary>
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = "Application")]
    [Alias("Hostname", "Domain")]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ApplicationNameCompleter))]
    public string? Application { get; set; }

    /// <summary>The authority's public key: one line, as Get-SshCertificateAuthority shows it. Needs no account.</summary>
    [Parameter(Mandatory = true, ValueFromPipelineByPropertyName = true, ParameterSetName = "PublicKey")]
    [ValidateNotNullOrEmpty]
    public string? PublicKey { get; set; }

    /// <summary>Users of this server, each with the names whose certificates log in as that user. Default: one's own name.</summary>
    [Parameter]
    [ValidateNotNull]
    public Hashtable Principal { get; set; } = [];

    /// <summary>sshd's configuration. Default: the system's.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? ConfigFile { get; set; }

    protected override object? ErrorTarget => Application ?? PublicKey;

    protected override async Task ProcessItemAsync()
    {
        string key = PublicKey ?? (await new SshAuthorityCatalog(Connected.Api, Connected.AccountId).GetAsync(
            await new ApplicationCatalog(Connected.Api, Connected.AccountId).GetAsync(Application!, StopToken), StopToken)).PublicKey;
        var sshd = new SshdCertificates(SshdOptions.For(ConfigFile is null ? null : GetUnresolvedProviderPathFromPSPath(ConfigFile)));
        SshdPlan plan = await sshd.PlanEnableAsync(key, PrincipalList.From(Principal), StopToken);
        if (plan.IsEmpty || ShouldProcess(plan.Describe(), plan.Describe() + Environment.NewLine + "Go on?", "Let certificates in"))
        {
            WriteObject(await sshd.ApplyAsync(plan, StopToken));
        }
    }
}
