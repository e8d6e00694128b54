using System.Collections.Concurrent;
using Tunnel.Testing;

namespace Tunnel.EndToEnd.Tests.Faults;

/// <summary>Tries every step with every fault, in several lanes at once: most of the time goes by waiting.</summary>
internal static class FaultRun
{
    /// <summary>For one cmdlet, with all its calls and tries: a machine that is busy is slow as well.</summary>
    private static readonly TimeSpan s_limit = Eventually.Limit;

    public static async Task RunAsync(IReadOnlyList<ApiFault> faults, bool lasting, int lanes, TimeSpan tryTimeout)
    {
        var left = new ConcurrentQueue<(CmdletStep Step, ApiFault Fault)>(
            from fault in faults from step in CmdletSteps.All where step.IsTriedWith(fault, lasting) select (step, fault));
        var wrong = new ConcurrentQueue<string>();
        await Task.WhenAll(Enumerable.Range(0, lanes).Select(async _ =>
        {
            await using var lane = await FaultLane.StartAsync(tryTimeout);
            while (left.TryDequeue(out var next))
            {
                foreach (var what in await lane.TryAsync(next.Step, next.Fault, lasting, s_limit))
                {
                    wrong.Enqueue($"{next.Fault}: {next.Step} {what}");
                }
            }
        }));
        Assert.True(wrong.IsEmpty, string.Join('\n', wrong));
    }
}
