using Tunnel.Testing;

namespace Tunnel.EndToEnd.Tests.Faults;

/// <summary>Every cmdlet, in a process of its own, before an API that is broken and stays so.</summary>
public sealed class LastingFaultTests
{
    [Fact]
    public Task A_cmdlet_gives_up_with_one_readable_error_and_makes_nothing_twice() => FaultRun.RunAsync(
        [ApiFault.TooManyRequestsRetryAfter, ApiFault.ServerError, ApiFault.CutBefore, ApiFault.OtherJson],
        lasting: true,
        lanes: 2,
        TimeSpan.FromSeconds(30));

    [Fact]
    public Task A_cmdlet_gives_up_an_answer_that_does_not_end() =>
        FaultRun.RunAsync([ApiFault.Stalled], lasting: true, lanes: 4, TimeSpan.FromSeconds(3));
}
