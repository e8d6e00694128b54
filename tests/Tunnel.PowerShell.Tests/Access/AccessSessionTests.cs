using System.Management.Automation;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Text.RegularExpressions;

namespace Tunnel.PowerShell.Tests.Access;

public sealed partial class AccessSessionTests : IDisposable
{
    private const string Hostname = "ssh.example.test";
    private const string Team = "tunnel.cloudflareaccess.test";

    private readonly ConnectedHost _host = new();

    public AccessSessionTests() => _host.Host.Run(
        $"New-AccessApplication {Hostname}; New-AccessPolicy {Hostname} -Name staff -Decision Allow -Include '@example.com'");

    public void Dispose() => _host.Dispose();

    [Fact]
    public async Task Who_signed_in_is_listed_with_what_the_session_opened()
    {
        await SignInAsync("alice@example.com");

        PSObject user = _host.Host.RunOne("Get-AccessUser alice*");
        PSObject session = _host.Host.RunOne("Get-AccessUser | Get-AccessSession");

        Assert.Equal("alice@example.com", user.Properties["Email"].Value);
        Assert.NotNull(user.Properties["LastSuccessfulLogin"].Value);
        Assert.Equal(user.Properties["Id"].Value, session.Properties["UserId"].Value);
        Assert.Equal(Hostname, _host.Host.RunOne("(Get-AccessSession).Applications[0].Hostname").BaseObject);
    }

    [Theory]
    [InlineData("Get-AccessSession | Revoke-AccessSession")]
    [InlineData("Revoke-AccessSession -User alice@example.com")]
    [InlineData("Get-AccessUser | Revoke-AccessSession")]
    public async Task A_session_is_ended_and_not_with_WhatIf(string command)
    {
        await SignInAsync("alice@example.com");

        _host.Host.Run(command + " -WhatIf");
        Assert.Single(_host.Host.Run("Get-AccessSession"));
        _host.Host.Run(command + " -Confirm:$false");
        Assert.Empty(_host.Host.Run("Get-AccessSession"));
    }

    [Theory]
    [InlineData("Remove-AccessUser alice@example.com")]
    [InlineData("Get-AccessUser | Remove-AccessUser")]
    public async Task A_person_is_removed_with_every_session_and_not_with_WhatIf(string command)
    {
        await SignInAsync("alice@example.com");

        _host.Host.Run(command + " -WhatIf");
        Assert.Single(_host.Host.Run("Get-AccessSession"));
        _host.Host.Run(command + " -Confirm:$false");
        Assert.Empty(_host.Host.Run("Get-AccessSession"));
        Assert.Empty(_host.Host.Run("Get-AccessUser"));
    }

    [Fact]
    public async Task An_applications_sessions_are_ended_and_the_person_stays_signed_in()
    {
        await SignInAsync("alice@example.com");

        _host.Host.Run($"Get-AccessApplication {Hostname} | Revoke-AccessSession -Confirm:$false");

        Assert.Equal(0, _host.Host.RunOne("@((Get-AccessSession).Applications).Count").BaseObject);
    }

    [Fact]
    public void An_application_that_is_not_there_is_an_error()
    {
        ErrorRecord error = _host.Host.RunToError("Revoke-AccessSession -Application none.example.test -Confirm:$false");

        Assert.Equal("ResourceNotFound,Tunnel.PowerShell.Access.RevokeAccessSession", error.FullyQualifiedErrorId);
    }

    /// <summary>By the edge's own pages, as a browser does it.</summary>
    private async Task SignInAsync(string email)
    {
        var visitors = (IPEndPoint)_host.Host.RunOne("(Get-TunnelEdge).PublicEndPoint").BaseObject;
        using var browser = new HttpClient(new SocketsHttpHandler
        {
            ConnectCallback = async (_, stop) =>
            {
                var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
                await socket.ConnectAsync(visitors, stop);
                return new NetworkStream(socket, ownsSocket: true);
            },
#pragma warning disable CA5359 // The edge's own certificate on loopback; who it is makes no difference here.
            SslOptions = new SslClientAuthenticationOptions { RemoteCertificateValidationCallback = static (_, _, _, _) => true },
#pragma warning restore CA5359
        });
        var page = await browser.GetStringAsync($"https://{Hostname}/");
        page = await PostAsync(browser, $"https://{Team}/cdn-cgi/access/login/{Hostname}", page, "email", email);
        var outbox = Path.Combine(_host.Folder.File("edge"), "outbox");
        Assert.True(SpinWait.SpinUntil(
            () => Directory.Exists(outbox) && Directory.GetFiles(outbox, "*.eml").Length > 0, TimeSpan.FromSeconds(20)), "The PIN comes by mail.");
        var pin = Pin().Match(await File.ReadAllTextAsync(Directory.GetFiles(outbox, "*.eml").Order().Last())).Value;
        page = await PostAsync(browser, $"https://{Team}/cdn-cgi/access/pin", page, "code", pin);
        Assert.Contains("You are signed in", page, StringComparison.Ordinal);
    }

    private static async Task<string> PostAsync(HttpClient browser, string address, string page, string name, string value)
    {
        var fields = Hidden().Matches(page).ToDictionary(m => m.Groups[1].Value, m => WebUtility.HtmlDecode(m.Groups[2].Value));
        fields[name] = value;
        using var form = new FormUrlEncodedContent(fields);
        using var response = await browser.PostAsync(new Uri(address), form);
        return await response.Content.ReadAsStringAsync();
    }

    [GeneratedRegex("""<input type="hidden" name="([^"]+)" value="([^"]*)">""")]
    private static partial Regex Hidden();

    [GeneratedRegex("""^\d{6}(?=\r?$)""", RegexOptions.Multiline)]
    private static partial Regex Pin();
}
