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

    /// <summary>A token that the edge takes: the one that is kept, or one of a new sign-in.</summary>
    public static async Task<StoredAccessToken> GetTakenAsync(AccessSignIn signIn, CancellationToken cancellationToken)
    {
        var token = await signIn.GetTokenAsync(cancellationToken).ConfigureAwait(false);
        if (await signIn.IsTakenAsync(token, cancellationToken).ConfigureAwait(false))
        {
            return token;
        }

        token = await signIn.RenewTokenAsync(token.Token, cancellationToken).ConfigureAwait(false);
        return await signIn.IsTakenAsync(token, cancellationToken).ConfigureAwait(false)
            ? token
            : throw new AccessSignInException("The edge does not take the token that it has just given. Is this machine's clock right?");
    }
}
