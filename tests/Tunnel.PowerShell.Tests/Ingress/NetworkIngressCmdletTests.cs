using System.Management.Automation;
using System.Net;
using System.Net.Sockets;

namespace Tunnel.PowerShell.Tests.Ingress;

/// <summary>What the ingress cmdlets say before they touch a firewall. What they do to one is tested on hosts of their own.</summary>
public sealed class NetworkIngressCmdletTests : IDisposable
{
    private readonly ModuleHost _host = new();

    public void Dispose() => _host.Dispose();

    [Theory]
    [InlineData("-AllowPort ssh", "51820/udp")]
    [InlineData("-AllowSource 10.0.0.0/99", "2001:db8::/32")]
    public void What_cannot_be_read_is_one_clear_error(string arguments, string said)
    {
        ErrorRecord error = _host.RunToError($"Disable-NetworkIngress ssh.example.test {arguments}");
        Assert.Contains(said, error.Exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_time_is_a_span_or_seconds()
    {
        ErrorRecord unread = _host.RunToError("Disable-NetworkIngress h -RollbackAfter soon");
        Assert.Contains("give seconds (120)", unread.Exception.Message, StringComparison.Ordinal);
        ErrorRecord error = _host.RunToError("Disable-NetworkIngress h -RollbackAfter 1");
        Assert.StartsWith("NetworkIngressInvalidRules", error.FullyQualifiedErrorId, StringComparison.Ordinal);
    }

    [Fact]
    public void Ports_that_listen_and_interfaces_are_offered()
    {
        using var listener = new TcpListener(IPAddress.Any, 0);
        listener.Start();
        string port = $"{((IPEndPoint)listener.LocalEndpoint).Port}/tcp";
        Assert.Contains(port, Offered($"Disable-NetworkIngress -AllowPort {port[..^4]}"));
        Assert.NotEmpty(Offered("Disable-NetworkIngress -AllowInterface "));

        // Hostnames come from the account; without one there is nothing to offer.
        Assert.Empty(Offered("Disable-NetworkIngress -Hostname ssh."));
    }

    [Fact]
    public void Who_may_not_is_told_how_he_may()
    {
        Assert.SkipWhen(Environment.IsPrivilegedProcess || !OperatingSystem.IsLinux(), "needs somebody who is not root");
        foreach (string command in new[] { "Disable-NetworkIngress h", "Confirm-NetworkIngress", "Get-NetworkIngress", "Enable-NetworkIngress -Confirm:$false" })
        {
            ErrorRecord error = _host.RunToError(command);
            Assert.StartsWith("NetworkIngressNotPrivileged", error.FullyQualifiedErrorId, StringComparison.Ordinal);
            Assert.Contains("-AsSudo", error.ToString(), StringComparison.Ordinal);
            Assert.Contains("NOPASSWD", error.ToString(), StringComparison.Ordinal);
        }
    }

    private List<string> Offered(string command)
    {
        using System.Management.Automation.PowerShell shell = _host.Create("");
        return [.. CommandCompletion.CompleteInput(command, command.Length, null, shell).CompletionMatches.Select(match => match.CompletionText)];
    }

    [Fact]
    public void A_scan_lists_what_answers()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        int port = ((IPEndPoint)listener.LocalEndpoint).Port;
        PSObject answer = _host.RunOne("param($Port) Test-NetworkIngress 127.0.0.1 -Port $Port, '1/tcp'", port);
        Assert.Equal($"127.0.0.1:{port}/tcp", answer.ToString());
    }

    [Fact]
    public void A_name_that_is_not_there_is_one_error_and_the_others_are_asked()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        using System.Management.Automation.PowerShell shell = _host.Create(
            "param($Port) Test-NetworkIngress no.such.host.invalid, 127.0.0.1 -Port $Port", ((IPEndPoint)listener.LocalEndpoint).Port);
        Assert.Single(shell.Invoke());
        ErrorRecord error = Assert.Single(shell.Streams.Error);
        Assert.StartsWith("NameNotFound,", error.FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Equal("no.such.host.invalid", error.TargetObject);
        Assert.Contains("no.such.host.invalid", error.ToString(), StringComparison.Ordinal);
    }
}
