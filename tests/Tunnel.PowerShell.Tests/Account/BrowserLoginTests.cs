using System.Management.Automation;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using Tunnel.Testing;

namespace Tunnel.PowerShell.Tests.Account;

public sealed class BrowserLoginTests : IDisposable
{
    private readonly ConnectedHost _host = new();

    [Theory]
    [InlineData("Connect-TunnelAccount -Edge $edge")]
    [InlineData("Connect-TunnelAccount -LoginAddress $edge.LoginAddress -CertificateAuthorityFile $edge.CertificateAuthorityFile")]
    public void A_login_writes_the_certificate_and_connects_with_it(string command)
    {
        PSObject account = Assert.Single(LogIn(command), item => item.Properties["AccountId"] is not null);

        Assert.Equal(
            _host.Host.RunOne("(Get-TunnelEdge).AccountId").BaseObject, account.Properties["AccountId"].Value);
        PrivateFiles.AssertOwnerOnly(Certificate);
        Assert.Single(_host.Host.Run("New-Tunnel made-with-it"));
        Assert.Equal("ApiAccessDenied", _host.Host.RunToError("Get-AccessApplication").FullyQualifiedErrorId.Split(',')[0]);
    }

    [Fact]
    public void A_certificate_that_is_there_is_kept_without_Force()
    {
        File.WriteAllText(Certificate, "precious");

        ErrorRecord error = _host.Host.RunToError(
            "param($File) Get-TunnelEdge | Connect-TunnelAccount -Browser -NoLaunch -CertificateFile $File", Certificate);

        Assert.Equal("LoginCertificateExists,Tunnel.PowerShell.Account.ConnectTunnelAccount", error.FullyQualifiedErrorId);
        Assert.Equal("precious", File.ReadAllText(Certificate));
        LogIn("Connect-TunnelAccount -Force -Edge $edge");
        Assert.StartsWith("-----BEGIN ARGO TUNNEL TOKEN-----", File.ReadAllText(Certificate), StringComparison.Ordinal);
    }

    [Fact]
    public void Nobody_who_logs_in_is_one_error_after_the_time()
    {
        ErrorRecord error = _host.Host.RunToError(
            "param($File) Get-TunnelEdge | Connect-TunnelAccount -Browser -NoLaunch -CertificateFile $File -Timeout 1", Certificate);

        Assert.Equal("TimedOut,Tunnel.PowerShell.Account.ConnectTunnelAccount", error.FullyQualifiedErrorId);
        Assert.False(File.Exists(Certificate));
    }

    [Fact]
    public void WhatIf_asks_nobody_and_writes_nothing()
    {
        Assert.Empty(_host.Host.Run(
            "param($File) Get-TunnelEdge | Connect-TunnelAccount -Browser -NoLaunch -CertificateFile $File -WhatIf", Certificate));
        Assert.False(File.Exists(Certificate));
    }

    [Fact(Timeout = 120_000)]
    public async Task Ctrl_C_ends_the_wait_at_once()
    {
        using System.Management.Automation.PowerShell shell = _host.Host.Create(
            "param($File) Get-TunnelEdge | Connect-TunnelAccount -Browser -NoLaunch -CertificateFile $File", Certificate);
        // The event comes on the pipeline's thread: the test must not go on there.
        var shown = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        shell.Streams.Information.DataAdded += (_, _) => shown.TrySetResult();
        IAsyncResult running = shell.BeginInvoke();
        await shown.Task.WaitAsync(Eventually.Limit, TestContext.Current.CancellationToken);

        await ModuleHost.StopAsync(shell);

        Assert.True(running.IsCompleted);
        Assert.Equal(PSInvocationState.Stopped, shell.InvocationStateInfo.State);
        Assert.False(File.Exists(Certificate));
    }

    public void Dispose() => _host.Dispose();

    private string Certificate => _host.Folder.File("cert.pem");

    /// <summary>Runs the command; who reads its stream 6 answers at the link that comes there.</summary>
    private System.Collections.ObjectModel.Collection<PSObject> LogIn(string command)
    {
        Action<string> answer = text =>
        {
            if (Uri.TryCreate(text, UriKind.Absolute, out Uri? link))
            {
                string token = File.ReadAllText(Path.Combine(_host.Folder.File("edge"), "api-token")).Trim();
                using var person = new LoginPerson(Trusting());
                // Aside: this thread is the pipeline's, and waits.
                Assert.Equal("Authorized", Task.Run(() => person.AuthorizeAsync(link, token, "example.test")).GetAwaiter().GetResult().Title);
            }
        };
        return _host.Host.Run(
            "param($File, $Answer) $edge = Get-TunnelEdge; " + command + " -Browser -NoLaunch -CertificateFile $File " +
            "-WarningAction Ignore 6>&1 | ForEach-Object { if ($_ -is [Management.Automation.InformationRecord]) { $Answer.Invoke(\"$_\") } else { $_ } }",
            Certificate, answer);
    }

    private SslClientAuthenticationOptions Trusting()
    {
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        policy.CustomTrustStore.ImportFromPemFile(Path.Combine(_host.Folder.File("edge"), "ca.pem"));
        return new SslClientAuthenticationOptions { CertificateChainPolicy = policy };
    }
}
