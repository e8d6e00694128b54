namespace Tunnel.PowerShell.Tests.Pipeline;

/// <summary>Code as a script finds it anywhere: asynchronous inside, and waited for.</summary>
public static class BlockingCode
{
    // Its await comes back by the context that it was called in, as in code that was written for programs with windows.
    public static async Task<string> ComeBackAsync(string text)
    {
        await Task.Delay(20).ConfigureAwait(true);
        return text;
    }
}
