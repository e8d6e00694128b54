using System.Management.Automation;

namespace Tunnel.PowerShell.Tests.Edge;

public sealed class TunnelEdgeTests
{
    [Fact]
    public void An_edge_starts_is_listed_and_stops_and_its_state_stays()
    {
        using var folder = new TemporaryFolder();
        using var host = new ModuleHost();
        PSObject edge = host.RunOne("param($Folder) Start-TunnelEdge -StateDirectory $Folder", folder.File("edge"));

        Assert.Equal("Running", edge.Properties["State"].Value.ToString());
        Assert.Same(edge.BaseObject, host.RunOne("Get-TunnelEdge").BaseObject);

        host.Run("Get-TunnelEdge | Stop-TunnelEdge");

        Assert.Equal("Stopped", edge.Properties["State"].Value.ToString());
        Assert.Empty(host.Run("Get-TunnelEdge"));
        PSObject again = host.RunOne("param($Folder) Start-TunnelEdge -StateDirectory $Folder", folder.File("edge"));
        Assert.Equal(edge.Properties["AccountId"].Value, again.Properties["AccountId"].Value);
    }

    [Fact]
    public void Starting_an_edge_twice_gives_the_same_edge()
    {
        using var folder = new TemporaryFolder();
        using var host = new ModuleHost();

        Assert.True(LanguagePrimitives.IsTrue(host.RunOne(
            """
            param($Folder)
            $one = Start-TunnelEdge -StateDirectory $Folder
            $two = Start-TunnelEdge -StateDirectory $Folder
            [object]::ReferenceEquals($one, $two)
            """,
            folder.File("edge"))));
    }

    [Theory]
    [InlineData("-SmtpServer '[::1' -MailFrom edge@example.com")]
    [InlineData("-SmtpServer '[::1]:25'")]
    [InlineData("-MailFrom edge@example.com")]
    [InlineData("-IdentityProviderCertificateAuthority ./Tunnel.psd1.missing")]
    public void An_edge_with_half_a_sign_in_is_refused(string options)
    {
        using var folder = new TemporaryFolder();
        using var host = new ModuleHost();

        Assert.Equal("refused", host.RunOne(
            $$"""
            param($Folder)
            try { Start-TunnelEdge -StateDirectory $Folder {{options}} -ErrorAction Stop } catch { 'refused' }
            """,
            folder.File("edge")).ToString());
        Assert.False(Directory.Exists(folder.File("edge")));
    }

    [Fact]
    public void WhatIf_starts_nothing()
    {
        using var folder = new TemporaryFolder();
        using var host = new ModuleHost();

        Assert.Empty(host.Run("param($Folder) Start-TunnelEdge -StateDirectory $Folder -WhatIf", folder.File("edge")));
        Assert.False(Directory.Exists(folder.File("edge")));
    }

    [Fact]
    public void A_state_folder_that_another_edge_uses_is_one_error()
    {
        using var folder = new TemporaryFolder();
        using var first = new ModuleHost();
        using var second = new ModuleHost();
        first.Run("param($Folder) Start-TunnelEdge -StateDirectory $Folder", folder.File("edge"));

        ErrorRecord error = second.RunToError("param($Folder) Start-TunnelEdge -StateDirectory $Folder", folder.File("edge"));

        Assert.Equal("EdgeStateNotUsable,Tunnel.PowerShell.Edge.StartTunnelEdge", error.FullyQualifiedErrorId);
        Assert.Equal(folder.File("edge"), error.TargetObject);
    }

    [Fact]
    public void A_taken_port_is_one_error()
    {
        using var folder = new TemporaryFolder();
        using var host = new ModuleHost();
        using var taken = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, 0);
        taken.Start();

        ErrorRecord error = host.RunToError(
            "param($Folder, $Address) Start-TunnelEdge -StateDirectory $Folder -PublicAddress $Address",
            folder.File("edge"),
            taken.LocalEndpoint.ToString());

        Assert.Equal("FileOrPortNotUsable,Tunnel.PowerShell.Edge.StartTunnelEdge", error.FullyQualifiedErrorId);
    }

    [Fact]
    public void No_property_of_an_edge_tells_its_token()
    {
        using var host = new ConnectedHost();
        string token = File.ReadAllText(Path.Combine(host.Folder.File("edge"), "api-token")).Trim();

        IEnumerable<string?> shown = host.Host.RunOne("Get-TunnelEdge").Properties
            .Concat(host.Host.RunOne("Get-TunnelAccount").Properties)
            .Select(property => property.Value?.ToString());

        Assert.True(token.Length > 20);
        Assert.DoesNotContain(shown, text => text?.Contains(token, StringComparison.Ordinal) == true);
    }
}
