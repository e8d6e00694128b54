namespace Tunnel.EndToEnd.Tests.Faults;

/// <summary>Every cmdlet that talks to a control plane. Who adds a cmdlet with -Account adds a line here.</summary>
internal static class CmdletSteps
{
    private const string Application = "New-AccessApplication \"$n.example.test\"";
    private const string Policy = Application + "; New-AccessPolicy \"$n.example.test\" -Name $n -Decision Allow -Include everyone";
    private const string Group = "New-AccessGroup $n -Include '@example.com'";
    private const string List = "New-AccessList $n alice@example.com";
    private const string Token = "New-AccessServiceToken $n";
    private const string Tunnel = "New-Tunnel $n";
    private const string ManagedTunnel = "New-Tunnel $n -RemotelyManaged";
    private const string Route = Tunnel + "; New-TunnelRoute \"$n.example.test\" -Tunnel $n";
    private const string SshTunnel = Application + "; Start-SshTunnel \"$n.example.test\" ssh://127.0.0.1:9 | Stop-SshTunnel";
    private const string Zone = "New-TunnelZone \"$n.test\"";
    private const string Provider = "New-AccessIdentityProvider $n github -ClientId a -ClientSecret (ConvertTo-Secret 'b')";
    private const string Authority = Application + "; New-SshCertificateAuthority \"$n.example.test\"";

    // A root of its own for each step, in the edge's folder, which goes with it.
    private const string Root =
        "$key = [Security.Cryptography.ECDsa]::Create(); " +
        "$request = [Security.Cryptography.X509Certificates.CertificateRequest]::new(\"CN=$n\", $key, 'SHA256'); " +
        "$request.CertificateExtensions.Add([Security.Cryptography.X509Certificates.X509BasicConstraintsExtension]::new($true, $false, 0, $true)); " +
        "$root = $request.CreateSelfSigned([DateTimeOffset]::UtcNow, [DateTimeOffset]::UtcNow.AddDays(1)); " +
        "[IO.File]::WriteAllText(\"$Authorities.$n\", $root.ExportCertificatePem())";

    private const string Certificate = "New-AccessCertificate $n \"$Authorities.$n\" \"$n.example.test\"";

    /// <summary>Those with -Account that ask the account nothing, or not its API, and why they have it.</summary>
    public static IReadOnlyDictionary<string, string> WithoutCalls { get; } = new Dictionary<string, string>
    {
        ["Disconnect-TunnelAccount"] = "forgets the account",
        ["Disable-NetworkIngress"] = "goes through the tunnel, whose breaks have tests of their own",
        ["Connect-AccessApplication"] = "takes addresses from the account",
        ["New-SshCertificate"] = "takes addresses from the account",
        ["Register-SshHost"] = "takes addresses from the account",
    };

    public static IReadOnlyList<CmdletStep> All { get; } =
    [
        new("GET", "Connect-TunnelAccount -ApiToken $token -Address $api -SkipPermissionCheck") { HasOwnLimits = true },
        new("GET", "Get-TunnelAccount -ListAvailable")
        {
            Before = "Connect-TunnelAccount -ApiToken $token -Address $api -SkipPermissionCheck", HasOwnLimits = true,
        },

        new("GET", "Get-TunnelZone"),
        new("GET", "Wait-TunnelZone example.test"),
        new("POST", Zone) { Made = "Get-TunnelZone \"$n.test\"" },
        new("DELETE", "Remove-TunnelZone \"$n.test\" -Confirm:$false") { Before = Zone, IgnoresResult = true },

        new("GET", "Get-Tunnel"),
        new("GET", "Get-TunnelConnection shared"),
        new("GET", "Get-TunnelToken $n") { Before = Tunnel },
        new("GET", "Get-TunnelConfiguration $n") { Before = ManagedTunnel },
        new("POST", Tunnel) { Made = "Get-Tunnel $n", LooksAgain = true },
        new("PATCH", "Set-Tunnel $n \"$n-new\" -Confirm:$false") { Before = Tunnel },
        new("PUT", "Set-TunnelConfiguration $n -Hostname \"$n.example.test\" -Url ssh://localhost:22 -Confirm:$false") { Before = ManagedTunnel },
        new("DELETE", "Clear-TunnelConnection $n -Confirm:$false") { Before = Tunnel, IgnoresResult = true },
        new("DELETE", "Remove-Tunnel $n -Confirm:$false") { Before = Tunnel, IgnoresResult = true },

        new("GET", "Get-TunnelRoute"),
        new("PUT", "New-TunnelRoute \"$n.example.test\" -Tunnel $n") { Before = Tunnel, Made = "Get-TunnelRoute \"$n.example.test\"" },
        new("DELETE", "Remove-TunnelRoute \"$n.example.test\" -Confirm:$false") { Before = Route, IgnoresResult = true },

        new("GET", "Get-SshTunnel"),
        new("GET", "Wait-SshTunnel \"$n.example.test\" -Timeout 20") { Before = SshTunnel, Otherwise = "SshTunnelNotFound" },
        new("GET", "Start-SshTunnel \"$n.example.test\"") { Before = Application },
        new("GET", "Stop-SshTunnel \"$n.example.test\"") { Before = SshTunnel, Otherwise = "SshTunnelNotFound" },
        new("DELETE", "Remove-SshTunnel \"$n.example.test\" -Confirm:$false") { Before = SshTunnel, IgnoresResult = true },

        new("GET", "Get-AccessApplication"),
        new("POST", Application) { Made = "Get-AccessApplication \"$n.example.test\"" },
        new("PUT", "Set-AccessApplication \"$n.example.test\" -SessionDuration 2h -Confirm:$false") { Before = Application },
        new("DELETE", "Remove-AccessApplication \"$n.example.test\" -Confirm:$false") { Before = Application, IgnoresResult = true },

        new("GET", "Get-AccessPolicy \"$n.example.test\"") { Before = Policy },
        new("GET", "Test-AccessPolicy \"$n.example.test\" -Email alice@example.com") { Before = Policy },
        new("POST", "New-AccessPolicy \"$n.example.test\" -Name $n -Decision Allow -Include everyone")
        {
            Before = Application, Made = "Get-AccessPolicy \"$n.example.test\"",
        },
        new("PUT", "Set-AccessPolicy \"$n.example.test\" $n -Include '@example.com' -Confirm:$false") { Before = Policy },
        new("DELETE", "Remove-AccessPolicy \"$n.example.test\" $n -Confirm:$false") { Before = Policy, IgnoresResult = true },

        new("GET", "New-AccessRule -Group $n") { Before = Group },
        new("GET", "Get-AccessList -IncludeItem"),
        new("POST", List) { Made = "Get-AccessList $n" },
        new("PATCH", "Set-AccessList $n -Add bob@example.com -Confirm:$false") { Before = List },
        new("PUT", "Set-AccessList $n -Description x -Confirm:$false") { Before = List },
        new("DELETE", "Remove-AccessList $n -Confirm:$false") { Before = List, IgnoresResult = true },
        new("GET", "Get-AccessGroup"),
        new("POST", Group) { Made = "Get-AccessGroup $n" },
        new("PUT", "Set-AccessGroup $n -Include everyone -Confirm:$false") { Before = Group },
        new("DELETE", "Remove-AccessGroup $n -Confirm:$false") { Before = Group, IgnoresResult = true },

        new("GET", "Compare-AccessPolicy \"$n.example.test\" -DifferencePolicy @() -Email alice@example.com") { Before = Policy },
        new("GET", "Get-AccessCertificate"),
        new("POST", Certificate) { Before = Root, Made = "Get-AccessCertificate $n" },
        new("PUT", "Set-AccessCertificate $n -Hostname \"other-$n.example.test\" -Confirm:$false") { Before = $"{Root}; {Certificate}" },
        new("DELETE", "Remove-AccessCertificate $n -Confirm:$false") { Before = $"{Root}; {Certificate}", IgnoresResult = true },

        new("GET", "Get-AccessServiceToken"),
        new("POST", Token) { Made = "Get-AccessServiceToken $n" },
        new("PUT", "Set-AccessServiceToken $n -Duration 48h") { Before = Token },
        new("POST", "Update-AccessServiceToken $n") { Before = Token },
        new("POST", "Reset-AccessServiceToken $n -Confirm:$false") { Before = Token },
        new("DELETE", "Remove-AccessServiceToken $n -Confirm:$false") { Before = Token, IgnoresResult = true },

        new("GET", "Get-AccessIdentityProvider"),
        new("POST", Provider) { Made = "Get-AccessIdentityProvider $n" },
        new("PUT", "Set-AccessIdentityProvider $n -ClientId other -ClientSecret (ConvertTo-Secret 'c') -Confirm:$false") { Before = Provider },
        new("DELETE", "Remove-AccessIdentityProvider $n -Confirm:$false") { Before = Provider, IgnoresResult = true },

        new("GET", "Get-AccessOrganization"),
        new("PUT", "Set-AccessOrganization -SessionDuration 12h -Confirm:$false"),

        new("GET", "Get-SshCertificateAuthority"),
        new("POST", "New-SshCertificateAuthority \"$n.example.test\"")
        {
            Before = Application, Made = "Get-SshCertificateAuthority \"$n.example.test\"",
        },
        new("DELETE", "Remove-SshCertificateAuthority \"$n.example.test\" -Confirm:$false") { Before = Authority, IgnoresResult = true },

        new("GET", "Enable-SshCertificateAuthority \"$n.example.test\" -ConfigFile /nonexistent/sshd_config")
        {
            Before = Authority, Otherwise = "SshServerNotSetUp",
        },

        new("GET", "Get-AccessLog"),
        new("GET", "Get-AccessUser"),
        new("DELETE", "Remove-AccessUser \"$n@example.com\" -Confirm:$false") { NeedsPerson = true, IgnoresResult = true },
        new("GET", "Get-AccessSession"),
        new("POST", "Revoke-AccessSession -User \"$n@example.com\" -Confirm:$false") { NeedsPerson = true, IgnoresResult = true },
        new("DELETE", "Revoke-AccessSession $session -Confirm:$false")
        {
            NeedsPerson = true, Before = "$session = Get-AccessSession \"$n@example.com\"", IgnoresResult = true,
        },
        new("POST", "Revoke-AccessSession -Application \"$n.example.test\" -Confirm:$false") { Before = Application, IgnoresResult = true },
    ];
}
