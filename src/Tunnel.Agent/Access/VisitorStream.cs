using Tunnel.Agent.Service;
using Tunnel.Core.Client;
using Tunnel.Core.Client.SignIn;

namespace Tunnel.Agent.Access;

/// <summary>Opens a visitor's stream; who has shown nothing and is sent to the sign-in, signs in first.</summary>
internal static class VisitorStream
{
    /// <exception cref="IOException">There is no stream. The message says why.</exception>
    public static async Task<AccessStream> ConnectAsync(StreamSettings settings, CancellationToken cancellationToken)
    {
        try
        {
            return await AccessStream.ConnectAsync(settings.Client, cancellationToken).ConfigureAwait(false);
        }
        catch (AccessDeniedException error) when (error.Location is not null && !settings.Client.HasProof)
        {
            return await SignInAsync(settings, cancellationToken).ConfigureAwait(false);
        }
    }

    private static async Task<AccessStream> SignInAsync(StreamSettings settings, CancellationToken cancellationToken)
    {
        // A sign-in keeps files that say so, which a signal must not leave behind.
        using var signals = new StopSignals();
        using var either = CancellationTokenSource.CreateLinkedTokenSource(signals.Stopping, cancellationToken);
        using var signIn = new AccessSignIn(Person.Options(settings.Client, folder: settings.Folder));
        try
        {
            var token = await signIn.GetTokenAsync(either.Token).ConfigureAwait(false);
            try
            {
                return await AccessStream.ConnectAsync(settings.Client.WithAppToken(token.Token), either.Token).ConfigureAwait(false);
            }
            catch (AccessDeniedException error) when (error.Location is not null)
            {
                // It was kept, and its session is over: once more, and then what the edge says counts.
                token = await signIn.RenewTokenAsync(token.Token, either.Token).ConfigureAwait(false);
                return await AccessStream.ConnectAsync(settings.Client.WithAppToken(token.Token), either.Token).ConfigureAwait(false);
            }
        }
        catch (Exception error) when (error is TimeoutException or UnauthorizedAccessException)
        {
            throw new AccessSignInException(error.Message, error);
        }
    }
}
