using System.Management.Automation;
using Tunnel.Core.Login;
using Tunnel.Core.Tunnels;

namespace Tunnel.PowerShell.Account;

/// <content>The login by browser, which ends with a certificate to connect with.</content>
public sealed partial class ConnectTunnelAccount
{
    private const string BrowserSet = "Browser";
    private const string EdgeBrowserSet = "EdgeBrowser";
    private const string Activity = "Waiting for the login in the browser";

    /// <summary>Logs in by browser: shows a link, opens it if there is a browser, waits for the certificate and keeps it.</summary>
    [Parameter(Mandatory = true, ParameterSetName = BrowserSet)]
    [Parameter(Mandatory = true, ParameterSetName = EdgeBrowserSet)]
    public SwitchParameter Browser { get; set; }

    /// <summary>The page to log in at. Default: Cloudflare's. Of an embedded edge: https://host:port/argotunnel, at its API's port.</summary>
    [Parameter(ParameterSetName = BrowserSet)]
    [ValidateNotNull]
    public Uri? LoginAddress { get; set; }

    /// <summary>Where the certificate is fetched. Default: Cloudflare's store, or that of the edge that -LoginAddress names.</summary>
    [Parameter(ParameterSetName = BrowserSet)]
    [ValidateNotNull]
    public Uri? CallbackAddress { get; set; }

    /// <summary>The file for the certificate. Default: cert.pem in -TunnelDirectory.</summary>
    [Parameter(ParameterSetName = BrowserSet)]
    [Parameter(ParameterSetName = EdgeBrowserSet)]
    [ValidateNotNullOrEmpty]
    public string? CertificateFile { get; set; }

    /// <summary>Replaces a certificate that is there.</summary>
    [Parameter(ParameterSetName = BrowserSet)]
    [Parameter(ParameterSetName = EdgeBrowserSet)]
    public SwitchParameter Force { get; set; }

    /// <summary>Only shows the link, to be opened anywhere.</summary>
    [Parameter(ParameterSetName = BrowserSet)]
    [Parameter(ParameterSetName = EdgeBrowserSet)]
    public SwitchParameter NoLaunch { get; set; }

    /// <summary>How many seconds to wait for the login. Default: 600.</summary>
    [Parameter(ParameterSetName = BrowserSet)]
    [Parameter(ParameterSetName = EdgeBrowserSet)]
    [ValidateRange(1, 86400)]
    public int Timeout { get; set; } = 600;

    private string LoginFile => GetUnresolvedProviderPathFromPSPath(
        CertificateFile ?? Path.Combine(TunnelDirectory ?? SshTunnelServiceOptions.DefaultDirectory, "cert.pem"));

    /// <summary>An edge has its API where it has its login page.</summary>
    private Uri? AddressOfLogin => LoginAddress is null ? null : new Uri(LoginAddress, "/client/v4/");

    private async Task<bool> LogInAsync()
    {
        if (!ShouldProcess(LoginFile, "Log in by browser and write the certificate"))
        {
            return false;
        }

        using BrowserLogin login = BrowserLogin.Begin(OptionsOfLogin());
        bool isOpened = !NoLaunch && login.OpenBrowser();
        foreach (string line in login.Instructions(isOpened))
        {
            // As Write-Host does: on the screen, whatever the preferences are, and on stream 6 for who has no screen.
            WriteInformation(new HostInformationMessage { Message = line }, ["PSHOST"]);
        }

        WriteProgressOf(Activity, $"The login's key is {login.Fingerprint}");
        try
        {
            await login.WaitAsync(StopToken);
        }
        finally
        {
            EndProgress(Activity);
        }

        WriteVerbose($"The certificate is in {login.CertificateFile}.");
        return true;
    }

    private BrowserLoginOptions OptionsOfLogin()
    {
        Uri page = ParameterSetName == EdgeBrowserSet
            ? Edge.LoginAddress
            : LoginAddress ?? BrowserLoginOptions.CloudflareLoginAddress;
        return new BrowserLoginOptions
        {
            LoginAddress = page,
            CallbackAddress = CallbackAddress ?? BrowserLoginOptions.CallbackOf(page),
            CertificateFile = LoginFile,
            Overwrite = Force,
            CertificateAuthorityFile = ParameterSetName == EdgeBrowserSet ? Edge.CertificateAuthorityFile
                : CertificateAuthorityFile is null ? null : GetUnresolvedProviderPathFromPSPath(CertificateAuthorityFile),
            Timeout = TimeSpan.FromSeconds(Timeout),
        };
    }
}
