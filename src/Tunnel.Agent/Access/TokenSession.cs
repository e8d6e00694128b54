using Tunnel.Agent.CommandLine;
using Tunnel.Agent.Service;
using Tunnel.Core.Client.SignIn;
using Tunnel.Core.Ssh.Certificates;

namespace Tunnel.Agent.Access;

/// <summary>Runs what needs a sign-in, and says in one line what went wrong.</summary>
internal static class TokenSession
{
    public static async Task<int> RunAsync(
        AccessSignInOptions options, Func<AccessSignIn, CancellationToken, Task<int>> run)
    {
        using var signals = new StopSignals();
        using var signIn = new AccessSignIn(options);
        try
        {
            return await run(signIn, signals.Stopping).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            return ExitCode.Error;
        }
        catch (Exception error) when (error is IOException or TimeoutException or UnauthorizedAccessException or SshCertificateException)
        {
            await Console.Error.WriteLineAsync("tunnel-agent: " + error.Message).ConfigureAwait(false);
            return ExitCode.Error;
        }
    }
}
