using System.Diagnostics;
using Tunnel.EndToEnd.Tests.Ingress;
using Tunnel.Testing;

namespace Tunnel.EndToEnd.Tests;

/// <summary>The cmdlets, in a process of their own, before an API that breaks once in each.</summary>
public sealed class CmdletFaultTests
{
    private const string Script =
        """
        param($Module, $Address, $TokenFile, $Fault)
        Import-Module $Module
        $token = [Net.NetworkCredential]::new('', [IO.File]::ReadAllText($TokenFile).Trim()).SecurePassword
        Connect-TunnelAccount -ApiToken $token -Address $Address -SkipPermissionCheck | Out-Null
        $http = [Net.Http.HttpClient]::new()
        $faults = [Uri]::new([Uri]$Address, '/fault/')

        function Try-Once($Method, $Name, [scriptblock] $Script) {
            $null = $http.GetStringAsync("$faults$Method/$Fault").Result
            $Error.Clear()
            try { $null = & $Script 2>$null } catch { }
            $null = $http.GetStringAsync("$faults$Method/None").Result
            $first = if ($Error.Count) { "$($Error[0].FullyQualifiedErrorId)|$($Error[0].ErrorDetails.RecommendedAction)" } else { '|' }
            "$Method|$Name|$($Error.Count)|$first"
        }

        function Count-After($Name, [scriptblock] $Again, [scriptblock] $Get) {
            $Error.Clear()
            $null = & $Again
            "AGAIN|$Name|$($Error.Count)|$(@(& $Get).Count)"
        }

        New-AccessApplication ssh.example.test | Out-Null
        Try-Once GET Get-TunnelZone { Get-TunnelZone }
        Try-Once GET Get-Tunnel { Get-Tunnel }
        Try-Once GET Get-TunnelRoute { Get-TunnelRoute }
        Try-Once GET Get-AccessApplication { Get-AccessApplication }
        Try-Once GET Get-AccessPolicy { Get-AccessPolicy ssh.example.test }
        Try-Once GET Get-AccessGroup { Get-AccessGroup }
        Try-Once GET Get-AccessServiceToken { Get-AccessServiceToken }
        Try-Once GET Get-AccessUser { Get-AccessUser }
        Try-Once GET Get-SshTunnel { Get-SshTunnel }
        Try-Once GET Get-TunnelAccount { Get-TunnelAccount -ListAvailable }
        Try-Once GET Get-AccessIdentityProvider { Get-AccessIdentityProvider }
        Try-Once GET Get-AccessOrganization { Get-AccessOrganization }
        Try-Once GET Get-SshCertificateAuthority { Get-SshCertificateAuthority }
        Try-Once GET Test-AccessPolicy { Test-AccessPolicy ssh.example.test -Email alice@example.com }

        Try-Once POST New-TunnelZone { New-TunnelZone new.test }
        Count-After New-TunnelZone { New-TunnelZone new.test } { Get-TunnelZone new.test }
        Try-Once POST New-Tunnel { New-Tunnel home }
        Try-Once POST New-AccessApplication { New-AccessApplication new.example.test }
        Count-After New-AccessApplication { New-AccessApplication new.example.test } { Get-AccessApplication new.example.test }
        Try-Once POST New-AccessPolicy { New-AccessPolicy ssh.example.test -Name all -Decision Allow -Include everyone }
        Count-After New-AccessPolicy { New-AccessPolicy ssh.example.test -Name all -Decision Allow -Include everyone } { Get-AccessPolicy ssh.example.test }
        Try-Once POST New-AccessGroup { New-AccessGroup staff -Include '@example.com' }
        Count-After New-AccessGroup { New-AccessGroup staff -Include '@example.com' } { Get-AccessGroup staff }
        Try-Once POST New-AccessServiceToken { New-AccessServiceToken ci }

        Try-Once PUT Set-AccessPolicy { Set-AccessPolicy ssh.example.test all -Include '@example.com' -Confirm:$false }
        Try-Once DELETE Remove-AccessPolicy { Remove-AccessPolicy ssh.example.test all -Confirm:$false }
        Try-Once DELETE Remove-AccessApplication { Remove-AccessApplication new.example.test -Confirm:$false }
        Try-Once DELETE Remove-AccessGroup { Remove-AccessGroup staff -Confirm:$false }
        Try-Once PUT Set-AccessApplication { Set-AccessApplication ssh.example.test -SessionDuration 2h -Confirm:$false }
        Try-Once PUT Set-AccessOrganization { Set-AccessOrganization -SessionDuration 12h -Confirm:$false }
        New-Tunnel kept | Out-Null
        Try-Once PUT New-TunnelRoute { New-TunnelRoute kept.example.test -Tunnel kept }
        Try-Once DELETE Remove-TunnelRoute { Remove-TunnelRoute kept.example.test -Confirm:$false }
        Try-Once DELETE Remove-Tunnel { Remove-Tunnel kept -Confirm:$false }
        Try-Once DELETE Remove-TunnelZone { Remove-TunnelZone new.test -Confirm:$false }
        """;

    [Theory]
    [InlineData(ApiFault.TooManyRequestsRetryAfter)]
    [InlineData(ApiFault.ServerError)]
    [InlineData(ApiFault.BadGateway)]
    [InlineData(ApiFault.CutBefore)]
    [InlineData(ApiFault.CutAfter)]
    [InlineData(ApiFault.OtherJson)]
    [InlineData(ApiFault.OtherResult)]
    public async Task Each_cmdlet_ends_with_success_or_one_readable_error_and_makes_nothing_twice(ApiFault fault)
    {
        await using var lab = await EdgeLab.StartAsync();
        await using var faulty = await FaultyApi.StartAsync(lab.ApiHttp());
        var lines = await RunAsync(faulty.Address, lab.Edge.ApiTokenFile, fault);

        Assert.Equal(34, lines.Count);
        foreach (var line in lines)
        {
            var (method, name, count, rest) = (line[0], line[1], line[2], line[3]);
            if (method == "AGAIN")
            {
                Assert.True((count, rest) == ("0", "1"), string.Join('|', line));
                continue;
            }

            // A creation is not tried again, and a result that makes no sense stays so: all else succeeds the second time.
            var fails = method == "POST" || (method == "GET" && fault == ApiFault.OtherResult);
            // A tunnel whose creation was not answered is known again by its secret.
            var open = fault == ApiFault.OtherResult || name == "New-Tunnel";
            Assert.True(count == (fails ? "1" : "0") || (open && count is "0" or "1"), string.Join('|', line));
            Assert.True(count == "0" || (rest.StartsWith("Api", StringComparison.Ordinal) && line[4].Length > 0), string.Join('|', line));
        }

        Assert.InRange(await CountAsync(lab.Api.ServiceTokens.ListAsync(lab.Edge.AccountId)), 0, 1);
        Assert.InRange(await CountAsync(lab.Api.Tunnels.ListAsync(lab.Edge.AccountId)), 0, 1);
    }

    private static async Task<List<string[]>> RunAsync(Uri address, string tokenFile, ApiFault fault)
    {
        using var directory = new TemporaryDirectory();
        var file = directory.File("faults.ps1");
        await File.WriteAllTextAsync(file, Script);
        using var process = Process.Start(new ProcessStartInfo(
            Repository.Shell, [file, Repository.ModuleManifest, address.AbsoluteUri, tokenFile, fault.ToString()])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
        })!;
        process.StandardInput.Close();
        try
        {
            var output = process.StandardOutput.ReadToEndAsync();
            var errors = process.StandardError.ReadToEndAsync();
            await process.WaitForExitAsync().WaitAsync(TimeSpan.FromMinutes(3));
            Assert.True(process.ExitCode == 0, await output + await errors);
            return [.. (await output).Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(l => l.Split('|'))];
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill(entireProcessTree: true);
            }
        }
    }

    private static async Task<int> CountAsync<T>(IAsyncEnumerable<T> items)
    {
        var count = 0;
        await foreach (var _ in items)
        {
            count++;
        }

        return count;
    }
}
