using System.Management.Automation;

namespace Tunnel.PowerShell.Tests.SshHost;

public sealed class SshCertificateTests : IDisposable
{
    private const string Hostname = "ssh.example.test";

    private readonly ConnectedHost _host = new();

    public SshCertificateTests() => _host.Host.Run(
        $"""
        New-AccessApplication {Hostname} | New-SshCertificateAuthority
        New-AccessPolicy {Hostname} -Name staff -Decision Allow -Include '@example.com'
        """);

    private string Keys => _host.Folder.File("keys");

    public void Dispose() => _host.Dispose();

    [Fact]
    public async Task A_certificate_is_signed_kept_and_made_anew_with_Force()
    {
        string token = await PersonSignIn.RunAsync(_host, Hostname, "alice@example.com");

        PSObject made = _host.Host.RunOne(Script(""), token, Keys);
        PSObject kept = _host.Host.RunOne(Script(""), token, Keys);
        PSObject forced = _host.Host.RunOne(Script("-Force"), token, Keys);

        Assert.Equal(["alice"], (IEnumerable<string>)made.Properties["Principals"].Value);
        Assert.Equal("alice@example.com", made.Properties["KeyId"].Value);
        Assert.InRange((DateTimeOffset)made.Properties["ValidUntil"].Value, DateTimeOffset.Now, DateTimeOffset.Now.AddMinutes(4));
        Assert.Equal(made.Properties["Serial"].Value, kept.Properties["Serial"].Value);
        Assert.NotEqual(made.Properties["Serial"].Value, forced.Properties["Serial"].Value);
        Assert.Equal((true, false), ((bool)made.Properties["IsNew"].Value, (bool)kept.Properties["IsNew"].Value));
        Assert.Equal((string)made.Properties["Path"].Value, made.ToString());
        PrivateFiles.AssertOwnerOnly((string)made.Properties["IdentityFile"].Value);
        PrivateFiles.AssertOwnerOnly((string)made.Properties["Path"].Value);
        Assert.Equal(2, (int)_host.Host.RunOne(
            "@(Get-AccessLog | Where-Object Action -EQ ssh_certificate | Where-Object Allowed).Count").BaseObject);
    }

    [Fact]
    public async Task A_sign_in_that_is_stored_is_used_and_without_one_the_link_is_shown()
    {
        string token = await PersonSignIn.RunAsync(_host, Hostname, "alice@example.com");
        var aud = (string)_host.Host.RunOne("(Get-SshCertificateAuthority).Aud").BaseObject;
        Directory.CreateDirectory(Keys);
        string stored = Path.Combine(Keys, $"{Hostname}-{aud}-token");
        File.WriteAllText(stored, token);

        PSObject made = _host.Host.RunOne($"param($Folder) New-SshCertificate {Hostname} -Folder $Folder", Keys);

        Assert.Equal("alice@example.com", made.Properties["KeyId"].Value);
        File.Delete(stored);
        PSObject link = _host.Host.RunOne(
            $$"""
            param($Folder)
            New-SshCertificate {{Hostname}} -Folder $Folder -Force -NoLaunch -Timeout 5 -InformationVariable told -ErrorVariable failed -ErrorAction SilentlyContinue 6>$null
            if ($failed[0].FullyQualifiedErrorId -ne 'TimedOut,Tunnel.PowerShell.SshHost.NewSshCertificate') { throw $failed[0].FullyQualifiedErrorId }
            "$told"
            """, Keys);
        Assert.Contains($"https://{Hostname}/cdn-cgi/access/cli?", link.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task WhatIf_signs_nothing_and_a_token_that_is_refused_is_an_error()
    {
        string token = await PersonSignIn.RunAsync(_host, Hostname, "alice@example.com");

        _host.Host.Run(Script("-WhatIf"), token, Keys);
        Assert.False(Directory.Exists(Keys));
        _host.Host.Run("Revoke-AccessSession -User alice@example.com -Confirm:$false");
        ErrorRecord error = _host.Host.RunToError(Script(""), token, Keys);

        Assert.Equal("SshCertificateRefused,Tunnel.PowerShell.SshHost.NewSshCertificate", error.FullyQualifiedErrorId);
        Assert.DoesNotContain(token, error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_host_is_registered_with_Match_exec_and_taken_out_again()
    {
        string config = _host.Folder.File("ssh_config");

        _host.Host.Run($"param($Config) Register-SshHost {Hostname} -Name prod -ShortLivedCertificate -ConfigFile $Config", config);
        string text = File.ReadAllText(config);

        Assert.Contains("Match originalhost prod exec \"", text, StringComparison.Ordinal);
        Assert.Contains($" access ssh-gen --hostname {Hostname} ", text, StringComparison.Ordinal);
        Assert.Contains($"CertificateFile \"~/.cloudflared/{Hostname}-cf_key-cert.pub\"", text, StringComparison.Ordinal);
        Assert.Equal(true, _host.Host.RunOne("param($Config) Get-SshHost -ConfigFile $Config", config).Properties["ShortLivedCertificate"].Value);
        _host.Host.Run("param($Config) Get-SshHost -ConfigFile $Config | Unregister-SshHost", config);
        Assert.Equal("", File.ReadAllText(config));
    }

    [Fact]
    public void A_service_token_gets_no_certificate()
    {
        ErrorRecord error = _host.Host.RunToError(
            $"param($Config) New-AccessServiceToken ci | Register-SshHost {Hostname} -ShortLivedCertificate -ConfigFile $Config",
            _host.Folder.File("ssh_config"));

        Assert.Equal("SshConfigNotUsable,Tunnel.PowerShell.SshHost.RegisterSshHost", error.FullyQualifiedErrorId);
    }

    [Fact]
    public void An_sshd_is_set_up_and_put_back()
    {
        string config = Sshd();
        string before = File.ReadAllText(config);

        _host.Host.Run($"param($Config) Enable-SshCertificateAuthority {Hostname} -ConfigFile $Config -WhatIf", config);
        Assert.Equal(before, File.ReadAllText(config));
        PSObject enabled = _host.Host.RunOne(
            $"param($Config) Get-SshCertificateAuthority {Hostname} | Enable-SshCertificateAuthority -ConfigFile $Config -Principal @{{ deploy = 'alice', 'bob' }}", config);
        PSObject again = _host.Host.RunOne(
            $"param($Config) Enable-SshCertificateAuthority {Hostname} -ConfigFile $Config", config);

        Assert.Contains("TrustedUserCAKeys", File.ReadAllText(config), StringComparison.Ordinal);
        Assert.Equal(["deploy: alice, bob"], (IEnumerable<string>)enabled.Properties["Principals"].Value);
        Assert.Equal((true, false, false), ((bool)enabled.Properties["IsChanged"].Value, (bool)enabled.Properties["IsReloaded"].Value, (bool)again.Properties["IsChanged"].Value));
        _host.Host.Run("param($Config) Disable-SshCertificateAuthority -ConfigFile $Config -WhatIf", config);
        Assert.NotEqual(before, File.ReadAllText(config));
        _host.Host.Run("param($Config) Disable-SshCertificateAuthority -ConfigFile $Config -Confirm:$false", config);
        Assert.Equal(before, File.ReadAllText(config));
        Assert.Equal(["host_key", "host_key.pub", "sshd_config"], Directory.EnumerateFileSystemEntries(Path.GetDirectoryName(config)!).Select(Path.GetFileName).Order());
    }

    [Fact]
    public void A_configuration_that_sshd_does_not_take_is_an_error_and_stays_as_it_is()
    {
        string config = Sshd();
        File.AppendAllText(config, "NoSuchKeyword yes\n");
        string before = File.ReadAllText(config);

        ErrorRecord error = _host.Host.RunToError($"param($Config) Enable-SshCertificateAuthority {Hostname} -ConfigFile $Config", config);

        Assert.Equal("SshServerNotSetUp,Tunnel.PowerShell.SshHost.EnableSshCertificateAuthority", error.FullyQualifiedErrorId);
        Assert.Contains("NoSuchKeyword", error.ToString(), StringComparison.Ordinal);
        Assert.Equal(before, File.ReadAllText(config));
    }

    private static string Script(string more) =>
        $$"""
        param($Token, $Folder)
        New-SshCertificate {{Hostname}} -Token ([Net.NetworkCredential]::new('', $Token).SecurePassword) -Folder $Folder {{more}}
        """;

    private string Sshd()
    {
        Assert.SkipUnless(File.Exists("/usr/sbin/sshd"), "sshd is not installed (Debian: openssh-server)");
        if (Environment.UserName == "root")
        {
            Directory.CreateDirectory("/run/sshd");
        }

        string folder = Directory.CreateDirectory(_host.Folder.File("sshd")).FullName;
        using var made = System.Diagnostics.Process.Start("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", Path.Combine(folder, "host_key")]);
        made.WaitForExit();
        string config = Path.Combine(folder, "sshd_config");
        File.WriteAllText(config, $"HostKey {folder}/host_key\n");
        return config;
    }
}
