using System.Diagnostics;
using System.Net;
using Tunnel.Access;
using Tunnel.Testing;

namespace Tunnel.EndToEnd.Tests.Faults;

/// <summary>An edge, what breaks before it, and a shell: one step after the other is tried here.</summary>
internal sealed class FaultLane : IAsyncDisposable
{
    public const int Retries = 1;

    private const string People = "people.example.test";

    private readonly EdgeLab _lab;
    private readonly FaultyApi _faulty;
    private readonly CmdletShell _shell;
    private int _tries;

    private FaultLane(EdgeLab lab, FaultyApi faulty, CmdletShell shell) => (_lab, _faulty, _shell) = (lab, faulty, shell);

    /// <param name="tryTimeout">When a try of a call is given up.</param>
    public static async Task<FaultLane> StartAsync(TimeSpan tryTimeout)
    {
        var lab = await EdgeLab.StartAsync();
        try
        {
            await lab.ProtectAsync(People, EdgeLab.Policy(AccessDecision.Allow, new EmailDomainRule("example.com")));
            await lab.AddTunnelAsync("shared");
            var faulty = await FaultyApi.StartAsync(lab.ApiHttp());
            try
            {
                return new FaultLane(lab, faulty, await CmdletShell.StartAsync(lab, faulty.Address, tryTimeout, Retries));
            }
            catch
            {
                await faulty.DisposeAsync();
                throw;
            }
        }
        catch
        {
            await lab.DisposeAsync();
            throw;
        }
    }

    /// <summary>Tries one cmdlet.</summary>
    /// <returns>What is not as it should be, in words.</returns>
    public async Task<IReadOnlyList<string>> TryAsync(CmdletStep step, ApiFault fault, bool lasting, TimeSpan limit)
    {
        var word = $"x{++_tries}";
        await PrepareAsync(step, word);
        _faulty.Forget();
        if (lasting)
        {
            _faulty.FailAlways(step.Method, fault);
        }
        else
        {
            _faulty.FailOnce(step.Method, fault);
        }

        var watch = Stopwatch.StartNew();
        var answer = await _shell.RunAsync(step.Script, word, broken: true);
        var taken = watch.Elapsed;
        var calls = _faulty.Requests.Count(request => request.StartsWith(step.Method + " ", StringComparison.Ordinal));
        _faulty.Plan = static (_, _) => ApiFault.None;

        return [.. Judge(step, fault, lasting, answer, calls), .. Late(taken, limit), .. await JudgeMadeAsync(step, fault, lasting, word)];
    }

    public async ValueTask DisposeAsync()
    {
        await _shell.DisposeAsync();
        await _faulty.DisposeAsync();
        await _lab.DisposeAsync();
    }

    private async Task PrepareAsync(CmdletStep step, string word)
    {
        if (step.NeedsPerson)
        {
            // Each from a network of their own, or the edge finds them too many.
            using var browser = new PersonBrowser(_lab, new IPAddress([127, 0, (byte)_tries, 1]));
            await browser.SignInAsync(People, $"{word}@example.com");
        }

        if (step.Before is { } script)
        {
            await _shell.ListAsync(script, word);
        }
    }

    private static IEnumerable<string> Judge(CmdletStep step, ApiFault fault, bool lasting, ShellAnswer answer, int calls)
    {
        var expected = step.ErrorAfter(fault, lasting);
        if (expected is null ? answer.Errors.Count > 0 : answer.Errors is not [var one] || one.Id != expected)
        {
            yield return $"ends with {answer} instead of {expected ?? "success"}";
        }

        foreach (var error in answer.Errors)
        {
            // Where there is no advice apart, the message itself says what to do.
            if ((error.Advice.Length == 0 && error.Id != step.Otherwise) || error.Message.Contains("   at ", StringComparison.Ordinal) || error.Message.Contains("Exception", StringComparison.Ordinal))
            {
                yield return $"has an error that helps nobody: {error}";
            }
        }

        if (calls == 0 || (!step.MayBeSentTwice && calls != 1) || (lasting && step.Method != "GET" && calls > Retries + 1))
        {
            yield return $"was sent {calls} times";
        }
    }

    private static IEnumerable<string> Late(TimeSpan taken, TimeSpan limit) => taken > limit ? [$"took {taken}"] : [];

    private async Task<IReadOnlyList<string>> JudgeMadeAsync(CmdletStep step, ApiFault fault, bool lasting, string word)
    {
        if (step.Made is not { } list)
        {
            return [];
        }

        var made = (await _shell.RunAsync(list, word)).Output.Count;
        var again = await _shell.RunAsync(step.Script, word);
        var at = (await _shell.RunAsync(list, word)).Output.Count;
        List<string> wrong = [];
        if (made != step.MadeAfter(fault, lasting))
        {
            wrong.Add($"has made {made}");
        }

        if (again.Errors.Count > 0 || at != 1)
        {
            wrong.Add($"has made {at} when run again, with {again}");
        }

        return wrong;
    }
}
