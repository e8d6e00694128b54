using System.Management.Automation;

namespace Tunnel.PowerShell.Tests.SshHost;

public sealed class SshHostTests : IDisposable
{
    private readonly ConnectedHost _host = new();

    private string Config => _host.Folder.File("ssh_config");

    public void Dispose() => _host.Dispose();

    [Fact]
    public void A_host_is_registered_with_the_accounts_edge_and_taken_out_again()
    {
        const string Theirs = "Host other\n    User somebody\n";
        File.WriteAllText(Config, Theirs);

        PSObject registered = _host.Host.RunOne("param($Config) Register-SshHost ssh.example.test -Name prod -User alice -ConfigFile $Config", Config);

        Assert.Equal("prod", registered.Properties["Name"].Value);
        Assert.Equal(_host.Host.RunOne("(Get-TunnelEdge).PublicEndPoint.ToString()").ToString(), registered.Properties["ConnectTo"].Value);
        Assert.Contains("User alice", File.ReadAllText(Config), StringComparison.Ordinal);
        Assert.Equal("ssh.example.test", _host.Host.RunOne("param($Config) Get-SshHost -ConfigFile $Config", Config).Properties["Hostname"].Value);

        _host.Host.Run("param($Config) Get-SshHost -ConfigFile $Config | Unregister-SshHost", Config);

        Assert.Equal(Theirs, File.ReadAllText(Config));
    }

    [Fact]
    public void A_service_tokens_secret_goes_into_a_file_of_the_owners_only()
    {
        _host.Host.Run("param($Config) New-AccessServiceToken ci | Register-SshHost ssh.example.test -ConfigFile $Config", Config);

        string file = Assert.Single(Directory.GetFiles(_host.Folder.Path, "*.token"));
        PrivateFiles.AssertOwnerOnly(file);
        string secret = File.ReadAllLines(file).Single(line => line.Contains("SECRET", StringComparison.Ordinal)).Split('=')[1];
        Assert.DoesNotContain(secret, File.ReadAllText(Config), StringComparison.Ordinal);

        _host.Host.Run("param($Config) Unregister-SshHost ssh.example.test -ConfigFile $Config", Config);
        Assert.Empty(Directory.GetFiles(_host.Folder.Path, "*.token"));
    }

    [Fact]
    public void A_credential_does_for_a_service_token_and_a_token_without_secret_is_an_error()
    {
        _host.Host.Run(
            """
            param($Config)
            $secret = [Net.NetworkCredential]::new('', 'secret').SecurePassword
            Register-SshHost ssh.example.test -ConfigFile $Config -ServiceToken ([pscredential]::new('id.access', $secret))
            New-AccessServiceToken ci
            """,
            Config);
        Assert.Single(Directory.GetFiles(_host.Folder.Path, "*.token"));

        ErrorRecord error = _host.Host.RunToError(
            "param($Config) Get-AccessServiceToken ci | Register-SshHost ssh.example.test -ConfigFile $Config", Config);
        Assert.Contains("Reset-AccessServiceToken", error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void WhatIf_writes_nothing()
    {
        _host.Host.Run("param($Config) Register-SshHost ssh.example.test -ConfigFile $Config -WhatIf", Config);

        Assert.False(File.Exists(Config));
    }

    [Fact]
    public void A_value_that_would_break_the_configuration_is_refused()
    {
        ErrorRecord error = _host.Host.RunToError(
            "param($Config) Register-SshHost ssh.example.test -User \"a`nProxyCommand evil\" -ConfigFile $Config", Config);

        Assert.Equal("SshConfigNotUsable,Tunnel.PowerShell.SshHost.RegisterSshHost", error.FullyQualifiedErrorId);
        Assert.False(File.Exists(Config));
    }
}
