using Tunnel.Testing;

namespace Tunnel.EndToEnd.Tests.Faults;

/// <summary>Every cmdlet, in a process of its own, before an API that breaks once.</summary>
public sealed class CmdletFaultTests
{
    /// <summary>A cmdlet that takes an account has a step, or is known to ask it nothing.</summary>
    [Fact]
    public async Task Every_cmdlet_that_talks_to_an_account_is_tried()
    {
        await using var lab = await EdgeLab.StartAsync();
        await using var shell = await CmdletShell.StartAsync(lab, lab.Edge.ApiAddress, TimeSpan.FromSeconds(30), retries: 0);
        var listed = await shell.ListAsync(
            """
            Get-Command -Module Tunnel | Where-Object { $_.Parameters.ContainsKey('Account') -or $_.Parameters.ContainsKey('ApiToken') } |
                ForEach-Object Name
            """);

        Assert.True(listed.Count > 50, $"{listed.Count}");
        // One that is missing wants a line in CmdletSteps.
        Assert.Empty(listed.Except(CmdletSteps.All.Select(step => step.Cmdlet)).Except(CmdletSteps.WithoutCalls.Keys));
    }

    [Fact]
    public Task A_cmdlet_ends_with_success_or_one_readable_error_after_a_break_and_makes_nothing_twice() => FaultRun.RunAsync(
        [
            ApiFault.TooManyRequestsRetryAfter, ApiFault.ServerError, ApiFault.BadGateway, ApiFault.CutBefore, ApiFault.CutAfter,
            ApiFault.OtherJson, ApiFault.OtherResult,
        ],
        lasting: false,
        lanes: 2,
        TimeSpan.FromSeconds(30));
}
