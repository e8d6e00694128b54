using System.CommandLine;
using Tunnel.Agent.CommandLine;
using Tunnel.Core.Client.SignIn;

namespace Tunnel.Agent.Access;

/// <summary><c>tunnel-agent access token</c>: prints the token that a sign-in left.</summary>
internal static class TokenCommand
{
    public static Command Create()
    {
        var options = new ApplicationCommandOptions();
        var command = new Command("token", "Print the token of an application to which you are signed in.");
        options.AddTo(command);
        command.SetAction((result, _) => TokenSession.RunAsync(Person.Options(options.Read(result), folder: options.Folder(result)), async (signIn, cancellationToken) =>
        {
            var application = await signIn.FindApplicationAsync(cancellationToken).ConfigureAwait(false);
            var token = new AccessTokenStore(options.Folder(result)).Find(application) ?? throw new AccessSignInException(
                $"There is no token for {application.Hostname}. Sign in with: tunnel-agent access login https://{application.Hostname}");
            await Console.Out.WriteAsync(token.Token).ConfigureAwait(false);
            return ExitCode.Ok;
        }));
        return command;
    }
}
