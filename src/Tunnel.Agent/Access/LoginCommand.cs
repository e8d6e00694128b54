using System.CommandLine;
using Tunnel.Agent.CommandLine;

namespace Tunnel.Agent.Access;

/// <summary><c>tunnel-agent access login</c>: signs a person in, and keeps the token.</summary>
internal static class LoginCommand
{
    public static Command Create()
    {
        var options = new ApplicationCommandOptions();
        var quiet = new Option<bool>("--quiet", "-q") { Description = "Do not print the token." };
        var bare = new Option<bool>("--no-verbose") { Description = "Print the token and nothing else." };
        var close = new Option<bool>("--auto-close") { Description = "The page closes itself at the end, where the edge does that." };
        var command = new Command("login", "Sign in to an application in a browser, and keep the token.");
        options.AddTo(command);
        foreach (var option in (Option[])[quiet, bare, close])
        {
            command.Options.Add(option);
        }

        command.SetAction((result, _) => TokenSession.RunAsync(Person.Options(options.Read(result), result.GetValue(close), options.Folder(result)), async (signIn, cancellationToken) =>
        {
            var token = await signIn.GetTakenTokenAsync(cancellationToken: cancellationToken).ConfigureAwait(false);
            if (!result.GetValue(quiet))
            {
                await Console.Out.WriteAsync(result.GetValue(bare) || options.IsOption(result)
                    ? token.Token : $"Successfully fetched your token:\n\n{token.Token}\n\n").ConfigureAwait(false);
            }

            return ExitCode.Ok;
        }));
        return command;
    }
}
