using System.Management.Automation;
using System.Net;
using System.Net.Sockets;
using System.Net.WebSockets;

namespace Tunnel.PowerShell.Tests.Access;

public sealed class AccessSessionTests : IDisposable
{
    private const string Hostname = "ssh.example.test";

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

    /// <summary>What a person has open is counted with their session, and ends with it.</summary>
    [Theory]
    [InlineData("Get-AccessSession | Revoke-AccessSession -Confirm:$false")]
    [InlineData("Revoke-AccessSession -User alice@example.com -Confirm:$false")]
    [InlineData("Revoke-AccessSession -Application ssh.example.test -Confirm:$false")]
    [InlineData("Remove-AccessUser alice@example.com -Confirm:$false")]
    [InlineData("Get-AccessPolicy ssh.example.test | Set-AccessPolicy -Exclude alice@example.com -Confirm:$false")]
    public async Task An_open_stream_is_counted_and_ended(string command)
    {
        CancellationToken cancellation = TestContext.Current.CancellationToken;
        using var service = new TcpListener(IPAddress.Loopback, 0);
        service.Start();
        _host.Host.Run(
            "param($Url) Start-SshTunnel ssh.example.test $Url | Wait-SshTunnel -Connections 1 -Timeout 30 | Out-Null",
            $"tcp://127.0.0.1:{((IPEndPoint)service.LocalEndpoint).Port}");
        string token = await PersonSignIn.RunAsync(_host, Hostname, "alice@example.com");
        using HttpClient visitor = PersonSignIn.Browser(_host);
        using var stream = new ClientWebSocket();
        stream.Options.SetRequestHeader("Cf-Access-Token", token);
        await stream.ConnectAsync(new Uri($"wss://{Hostname}/"), visitor, cancellation);
        using TcpClient served = await service.AcceptTcpClientAsync(cancellation);
        Assert.Equal(1, _host.Host.RunOne("(Get-AccessSession).OpenStreams").BaseObject);

        _host.Host.Run(command);

        try
        {
            WebSocketReceiveResult end = await stream.ReceiveAsync(new byte[1], cancellation).WaitAsync(TimeSpan.FromSeconds(60), cancellation);
            Assert.Equal(WebSocketMessageType.Close, end.MessageType);
        }
        catch (WebSocketException)
        {
            // Cut off.
        }

        Assert.Equal(0, await served.GetStream().ReadAsync(new byte[1], cancellation).AsTask().WaitAsync(TimeSpan.FromSeconds(60), cancellation));
        Assert.Equal(0, _host.Host.RunOne("[int](Get-AccessSession | ForEach-Object OpenStreams)").BaseObject);
    }

    private Task<string> SignInAsync(string email) => PersonSignIn.RunAsync(_host, Hostname, email);
}
