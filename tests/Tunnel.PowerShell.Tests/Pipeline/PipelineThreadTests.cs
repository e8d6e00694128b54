using System.Management.Automation;
using System.Net;
using System.Net.Sockets;
using Tunnel.Testing;

namespace Tunnel.PowerShell.Tests.Pipeline;

public sealed class PipelineThreadTests
{
    private static readonly TimeSpan s_limit = Eventually.Limit;

    [Theory]
    [InlineData("Get-TunnelZone | ForEach-Object { [Tunnel.PowerShell.Tests.Pipeline.BlockingCode]::ComeBackAsync($_.Name).Result }", "example.test")]
    [InlineData("Get-TunnelZone -Verbose 4>&1 | ForEach-Object { [Tunnel.PowerShell.Tests.Pipeline.BlockingCode]::ComeBackAsync('said').Result }", "said")]
    [InlineData("Get-Tunnel nothing-like-it 2>&1 | ForEach-Object { [Tunnel.PowerShell.Tests.Pipeline.BlockingCode]::ComeBackAsync('said').Result }; 'end'", "end")]
    [InlineData("New-AccessServiceToken ci | Out-Null; New-AccessServiceToken ci 3>&1 | ForEach-Object { [Tunnel.PowerShell.Tests.Pipeline.BlockingCode]::ComeBackAsync('said').Result }", "said")]
    public async Task A_script_block_downstream_may_wait_for_asynchronous_code(string script, string expected)
    {
        using var host = new ConnectedHost();
        using System.Management.Automation.PowerShell shell = host.Host.Create(script);

        Task<PSDataCollection<PSObject>> run = shell.InvokeAsync();

        Assert.Contains((await run.WaitAsync(s_limit, TestContext.Current.CancellationToken)).Select(item => item.ToString()), text => text == expected);
    }

    [Fact]
    public async Task Ctrl_C_ends_a_cmdlet_at_once_while_the_API_does_not_answer()
    {
        using var host = new ModuleHost();
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        using System.Management.Automation.PowerShell shell = host.Create(
            """
            param($Address)
            $token = [Net.NetworkCredential]::new('', 'x' * 40).SecurePassword
            Connect-TunnelAccount -ApiToken $token -Address $Address
            'went on'
            """,
            $"http://127.0.0.1:{((IPEndPoint)silent.LocalEndpoint).Port}/client/v4/");
        using var output = new PSDataCollection<PSObject>();
        IAsyncResult run = shell.BeginInvoke<PSObject, PSObject>(null, output);

        // The call is under way: its connection is here.
        using Socket caller = await silent.AcceptSocketAsync(TestContext.Current.CancellationToken).AsTask()
            .WaitAsync(s_limit, TestContext.Current.CancellationToken);
        Assert.False(run.IsCompleted);

        await ModuleHost.StopAsync(shell);
        Assert.Equal(PSInvocationState.Stopped, shell.InvocationStateInfo.State);
        Assert.Empty(output);
        Assert.Empty(shell.Streams.Error);
    }
}
