using System.Diagnostics;
using System.Globalization;
using System.Text;
using Tunnel.EndToEnd.Tests.Ingress;
using Tunnel.Testing;

namespace Tunnel.EndToEnd.Tests.Faults;

/// <summary>The module in a process of its own, connected twice: to an edge, and to the API that breaks before the same edge.</summary>
internal sealed class CmdletShell : IAsyncDisposable
{
    private const string Script =
        """
        param($Module, $EdgeApi, $Api, $Authorities, $TokenFile, $TunnelAddress, $TryTimeout, $Retries)
        $ErrorActionPreference = 'Stop'
        Import-Module $Module
        $token = [Net.NetworkCredential]::new('', [IO.File]::ReadAllText($TokenFile).Trim()).SecurePassword
        function ConvertTo-Secret($Text) { [Net.NetworkCredential]::new('', $Text).SecurePassword }
        $sound = Connect-TunnelAccount -ApiToken $token -Address $EdgeApi -CertificateAuthorityFile $Authorities -EdgeAddress $TunnelAddress -SkipPermissionCheck

        # A program on the engine says itself when a call is given up; the cmdlets take its account as any other.
        $engine = $sound.GetType().Assembly
        $limits = [Activator]::CreateInstance($engine.GetType('Tunnel.Core.Api.ApiLimits'))
        $limits.TryTimeout = [TimeSpan]::FromMilliseconds([int] $TryTimeout)
        $limits.MaxRetries = [int] $Retries
        $limits.RetryDelay = [TimeSpan]::FromMilliseconds(5)
        $options = [Activator]::CreateInstance($engine.GetType('Tunnel.Core.Accounts.AccountConnectorOptions'))
        $options.ApiToken = [Net.NetworkCredential]::new('', $token).Password
        $options.ApiAddress = $Api
        $options.EdgeAddresses = $sound.EdgeAddresses
        $options.CertificateAuthorityFile = $Authorities
        $options.Limits = $limits
        $broken = $engine.GetType('Tunnel.Core.Accounts.AccountConnector').GetMethod('ConnectAsync').Invoke($null, @($options, [Threading.CancellationToken]::None)).GetAwaiter().GetResult()

        $ErrorActionPreference = 'Continue'
        $global:PSDefaultParameterValues = @{}
        function ConvertTo-Line($Text) { [Convert]::ToBase64String([Text.Encoding]::UTF8.GetBytes("$Text")) }
        [Console]::Out.WriteLine('ready')
        while ($null -ne ($line = [Console]::In.ReadLine())) {
            $account, $n, $script = $line -split ' '
            $global:PSDefaultParameterValues['*:Account'] = if ($account -eq 'broken') { $broken } else { $sound }
            $Error.Clear()
            $output = @()
            try { $output = @(. ([scriptblock]::Create([Text.Encoding]::UTF8.GetString([Convert]::FromBase64String($script)))) 2>$null 3>$null) } catch { }
            $fields = @(($output | ForEach-Object { ConvertTo-Line $_ }) -join ',')
            foreach ($record in $Error) {
                $fields += @($record.FullyQualifiedErrorId, $record.ErrorDetails.RecommendedAction, "$record" | ForEach-Object { ConvertTo-Line $_ }) -join ','
            }
            [Console]::Out.WriteLine($fields -join '|')
        }
        """;

    private readonly TemporaryDirectory _directory = new();
    private readonly Process _process;
    private readonly Task<string> _errors;

    private CmdletShell(EdgeLab lab, Uri api, TimeSpan tryTimeout, int retries)
    {
        var file = _directory.File("shell.ps1");
        File.WriteAllText(file, Script);
        _process = Process.Start(new ProcessStartInfo(
            Repository.Shell,
            [
                file, Repository.ModuleManifest, lab.Edge.ApiAddress.AbsoluteUri, api.AbsoluteUri, lab.Edge.CertificateAuthorityFile,
                lab.Edge.ApiTokenFile, $"{lab.TunnelAddress.Host}:{lab.TunnelAddress.Port}",
                tryTimeout.TotalMilliseconds.ToString(CultureInfo.InvariantCulture), retries.ToString(CultureInfo.InvariantCulture),
            ])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            // Tunnels keep their credentials there.
            Environment = { ["HOME"] = _directory.FullName, ["TMPDIR"] = _directory.FullName },
        })!;
        _errors = _process.StandardError.ReadToEndAsync();
    }

    /// <param name="lab">The edge.</param>
    /// <param name="api">What breaks before it.</param>
    /// <param name="tryTimeout">When a try of a call before that is given up.</param>
    /// <param name="retries">How often such a call is tried again.</param>
    public static async Task<CmdletShell> StartAsync(EdgeLab lab, Uri api, TimeSpan tryTimeout, int retries)
    {
        var shell = new CmdletShell(lab, api, tryTimeout, retries);
        try
        {
            Assert.Equal("ready", await shell.ReadAsync());
            return shell;
        }
        catch
        {
            await shell.DisposeAsync();
            throw;
        }
    }

    /// <summary>Runs a script in which <c>$n</c> is a word, and every -Account the sound or the broken one.</summary>
    public async Task<ShellAnswer> RunAsync(string script, string word, bool broken = false)
    {
        var text = Convert.ToBase64String(Encoding.UTF8.GetBytes(script));
        await _process.StandardInput.WriteLineAsync($"{(broken ? "broken" : "sound")} {word} {text}");
        await _process.StandardInput.FlushAsync();
        var parts = (await ReadAsync()).Split('|');
        return new ShellAnswer(
            parts[0].Length == 0 ? [] : [.. parts[0].Split(',').Select(Text)],
            [.. parts.Skip(1).Select(part => part.Split(',')).Select(e => new ShellError(Text(e[0]).Split(',')[0], Text(e[1]), Text(e[2])))]);
    }

    /// <summary>Runs a script that has to succeed.</summary>
    public async Task<IReadOnlyList<string>> ListAsync(string script, string word = "none")
    {
        var answer = await RunAsync(script, word);
        Assert.True(answer.Errors.Count == 0, $"{script} with {word}: {answer}");
        return answer.Output;
    }

    public async ValueTask DisposeAsync()
    {
        try
        {
            _process.StandardInput.Close();
            using var limit = new CancellationTokenSource(Eventually.Limit);
            await _process.WaitForExitAsync(limit.Token);
        }
        catch (Exception e) when (e is OperationCanceledException or IOException)
        {
            _process.Kill(entireProcessTree: true);
        }

        _process.Dispose();
        _directory.Dispose();
    }

    private async Task<string> ReadAsync()
    {
        var line = await _process.StandardOutput.ReadLineAsync().WaitAsync(TimeSpan.FromSeconds(60));
        return line ?? throw new InvalidOperationException($"The shell has ended: {await _errors}");
    }

    private static string Text(string base64) => Encoding.UTF8.GetString(Convert.FromBase64String(base64));
}
