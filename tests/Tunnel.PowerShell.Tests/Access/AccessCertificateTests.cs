using System.Management.Automation;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Tunnel.PowerShell.Tests.Access;

public sealed class AccessCertificateTests : IDisposable
{
    private readonly ConnectedHost _host = new();
    private readonly string _file;

    public AccessCertificateTests()
    {
        _file = _host.Folder.File("ca.pem");
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=Devices", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        using X509Certificate2 root = request.CreateSelfSigned(DateTimeOffset.UtcNow, DateTimeOffset.UtcNow.AddDays(1));
        File.WriteAllText(_file, root.ExportCertificatePem());
    }

    public void Dispose() => _host.Dispose();

    [Fact]
    public void An_authority_is_added_once_and_none_with_WhatIf()
    {
        _host.Host.Run("param($File) New-AccessCertificate devices $File ssh.example.test -WhatIf", _file);
        Assert.Empty(_host.Host.Run("Get-AccessCertificate"));

        string made = Text("param($File) (New-AccessCertificate devices $File ssh.example.test).Id");

        Assert.Equal(made, Text("param($File) (New-AccessCertificate devices $File ssh.example.test).Id"));
        Assert.Equal("ssh.example.test", Text("(Get-AccessCertificate dev*).AssociatedHostnames"));
        Assert.StartsWith("ResourceConflict,", _host.Host.RunToError(
            "param($File) New-AccessCertificate devices $File www.example.test", _file).FullyQualifiedErrorId, StringComparison.Ordinal);
    }

    [Fact]
    public void Its_hostnames_change_and_it_is_removed_with_them()
    {
        Text("param($File) (New-AccessCertificate devices $File ssh.example.test).Id");

        Assert.Equal("a.example.test b.example.test", Text(
            "(Get-AccessCertificate | Set-AccessCertificate -Hostname a.example.test, b.example.test -NewName laptops -Confirm:$false).AssociatedHostnames -join ' '"));
        _host.Host.Run("Remove-AccessCertificate laptops -WhatIf");
        Assert.Single(_host.Host.Run("Get-AccessCertificate"));
        Assert.Empty(_host.Host.Run("Get-AccessCertificate | Remove-AccessCertificate -Confirm:$false; Get-AccessCertificate"));
        ErrorRecord error = _host.Host.RunToError("Remove-AccessCertificate laptops -Confirm:$false");
        Assert.Contains("New-AccessCertificate", error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_is_not_there_is_an_error() => Assert.StartsWith(
        "FileOrPortNotUsable,", _host.Host.RunToError("New-AccessCertificate devices /missing/ca.pem").FullyQualifiedErrorId, StringComparison.Ordinal);

    [Fact]
    public void A_comparison_asks_about_everybody_who_ever_signed_in_unless_somebody_is_named()
    {
        _host.Host.Run(
            """
            New-AccessApplication ssh.example.test | Out-Null
            New-AccessGroup staff -Include '@example.com' | Out-Null
            New-AccessPolicy ssh.example.test -Name staff -Decision Allow -Include group:staff | Out-Null
            """);

        Assert.Empty(_host.Host.Run("Compare-AccessPolicy ssh.example.test -DifferencePolicy @()"));
        Assert.Equal("Loses", Text("(Compare-AccessPolicy ssh.example.test -DifferencePolicy @() -Email alice@example.com).Effect"));
        Assert.Equal("Gains", Text(
            "(Compare-AccessPolicy ssh.example.test -Email bob@example.org " +
            "-DifferencePolicy ((Get-AccessPolicy ssh.example.test), @{ Name = 'more'; Decision = 'Allow'; Include = '@example.org' })).Effect"));
    }

    private string Text(string script) => _host.Host.RunOne(script, _file).ToString();
}
