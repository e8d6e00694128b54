using System.Management.Automation;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using Tunnel.Testing;

namespace Tunnel.PowerShell.Tests.Pipeline;

/// <summary>Ctrl+C ends every cmdlet at once, whatever it waits for.</summary>
public sealed class StopTests : IDisposable
{
    private static readonly TimeSpan s_limit = Eventually.Limit;

    private readonly ConnectedHost _host = new();
    private readonly List<HeldApi> _apis = [];

    public StopTests()
    {
        try
        {
            Connect("edge", (Uri)_host.Host.RunOne("(Get-TunnelEdge).ApiAddress").BaseObject);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    [Theory(Timeout = 120_000)]
    [InlineData("Get-TunnelZone", "GET", WaitKind.SlowBody)]
    [InlineData("Get-AccessApplication", "GET", WaitKind.NoAnswer)]
    [InlineData("Get-Tunnel", "GET", WaitKind.BackOff)]
    [InlineData("Get-AccessLog -Follow", "GET", WaitKind.Polls)]
    [InlineData("Test-AccessPolicy ssh.example.test", "GET", WaitKind.SlowBody)]
    [InlineData("New-AccessGroup staff -Include everyone", "GET", WaitKind.BackOff)]
    [InlineData("New-TunnelZone new.test", "POST", WaitKind.NoAnswer)]
    [InlineData("New-Tunnel home", "POST", WaitKind.SlowBody)]
    [InlineData("Set-AccessOrganization -SessionDuration 12h -Confirm:$false", "PUT", WaitKind.BackOff)]
    [InlineData("Remove-TunnelZone example.test -Confirm:$false", "DELETE", WaitKind.BackOff)]
    [InlineData("New-Tunnel home | Out-Null; Set-Tunnel home work -Confirm:$false", "PATCH", WaitKind.NoAnswer)]
    [InlineData("New-Tunnel home | Clear-TunnelConnection -Confirm:$false", "DELETE", WaitKind.NoAnswer)]
    [InlineData("New-AccessServiceToken ci | Out-Null; Reset-AccessServiceToken ci -Confirm:$false", "GET", WaitKind.SlowBody)]
    [InlineData("Revoke-AccessSession -User alice@example.com -Confirm:$false", "POST", WaitKind.NoAnswer)]
    [InlineData("New-AccessApplication ssh.example.test | Start-SshTunnel", "PUT", WaitKind.NoAnswer)]
    [InlineData("Start-SshTunnel ssh.example.test -AllowUnprotected", "GET", WaitKind.BackOff)]
    [InlineData("Wait-SshTunnel ssh.example.test", "GET", WaitKind.NoAnswer)]
    public async Task A_cmdlet_that_waits_for_the_API_ends(string script, string method, WaitKind kind)
    {
        using System.Management.Automation.PowerShell shell = _host.Host.Create(
            script + "; 'went on'");
        Task waits = _apis[0].Hold(method, kind);

        await AssertStopsAsync(shell, waits, TestContext.Current.CancellationToken);
    }

    /// <summary>More connections than there will be: it goes on waiting.</summary>
    [Fact(Timeout = 120_000)]
    public async Task A_cmdlet_that_waits_for_connections_ends()
    {
        using System.Management.Automation.PowerShell shell = _host.Host.Create(
            "Start-SshTunnel ssh.example.test -AllowUnprotected -WarningAction Ignore | Wait-SshTunnel -Connections 200 -Timeout 600; 'went on'");

        await AssertStopsAsync(shell, ShownAsync(shell), TestContext.Current.CancellationToken);
    }

    /// <summary>Whose name servers nobody sets: it is asked for again and again.</summary>
    [Fact(Timeout = 120_000)]
    public async Task A_cmdlet_that_waits_for_a_zone_ends()
    {
        var edge = (Uri)_host.Host.RunOne(
            "param($State) (Start-TunnelEdge $State -PendingZones).ApiAddress", _host.Folder.File("pending")).BaseObject;
        Task waits = Connect("pending", edge).Hold("PUT", WaitKind.Refused);
        using System.Management.Automation.PowerShell shell = _host.Host.Create(
            "New-TunnelZone other.test | Wait-TunnelZone -Timeout 600; 'went on'");

        await AssertStopsAsync(shell, waits, TestContext.Current.CancellationToken);
    }

    public void Dispose()
    {
        _host.Dispose();
        _apis.ForEach(api => api.Dispose());
    }

    private static async Task AssertStopsAsync(System.Management.Automation.PowerShell shell, Task waits, CancellationToken cancellationToken)
    {
        using var output = new PSDataCollection<PSObject>();
        shell.BeginInvoke<PSObject, PSObject>(null, output);
        await waits.WaitAsync(s_limit, cancellationToken);
        Assert.Equal(PSInvocationState.Running, shell.InvocationStateInfo.State);

        await ModuleHost.StopAsync(shell);

        Assert.Equal(PSInvocationState.Stopped, shell.InvocationStateInfo.State);
        Assert.DoesNotContain(output, item => item.ToString() == "went on");
        Assert.Empty(shell.Streams.Error);
    }

    /// <summary>A cmdlet that waits for long tells so.</summary>
    private static Task ShownAsync(System.Management.Automation.PowerShell shell)
    {
        // The event comes on the pipeline's thread: the test must not go on there.
        var shown = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        shell.Streams.Progress.DataAdded += (_, added) =>
        {
            if (shell.Streams.Progress[added.Index].Activity.StartsWith("Waiting", StringComparison.Ordinal))
            {
                shown.TrySetResult();
            }
        };
        return shown.Task;
    }

    /// <summary>Connects the session to an edge through what can make it wait.</summary>
    private HeldApi Connect(string folder, Uri edge)
    {
        string state = _host.Folder.File(folder);
        var api = new HeldApi(edge, Trusting(Path.Combine(state, "ca.pem")));
        _apis.Add(api);
        _host.Host.Run(
            """
            param($Api, $State, $Tunnels)
            $edge = @(Get-TunnelEdge)[-1]
            $token = [Net.NetworkCredential]::new('', [IO.File]::ReadAllText("$State/api-token").Trim()).SecurePassword
            Connect-TunnelAccount -ApiToken $token -Address $Api -EdgeAddress "$($edge.TunnelEndPoint)" `
                -CertificateAuthorityFile "$State/ca.pem" -TunnelDirectory $Tunnels -SkipPermissionCheck
            """,
            api.Address, state, _host.Folder.File("tunnels"));
        return api;
    }

    private static SslClientAuthenticationOptions Trusting(string authorities)
    {
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        policy.CustomTrustStore.ImportFromPemFile(authorities);
        return new SslClientAuthenticationOptions { CertificateChainPolicy = policy };
    }
}
