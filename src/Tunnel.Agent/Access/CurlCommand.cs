using System.CommandLine;
using System.ComponentModel;
using System.Diagnostics;
using Tunnel.Agent.CommandLine;
using Tunnel.Core.Client;
using Tunnel.Core.Client.SignIn;

namespace Tunnel.Agent.Access;

/// <summary><c>tunnel-agent access curl</c>: curl with the application's token.</summary>
internal static class CurlCommand
{
    private const string Name = "curl";

    /// <summary>Hands the token to the shell that starts curl; a process's environment is its owner's only, its arguments are not.</summary>
    private const string TokenVariable = "TUNNEL_CURL_TOKEN";

    /// <summary>The header comes from a pipe, so that it stands in no argument and no file; curl itself is not given the variable.</summary>
    private const string Script = """
        token=$TUNNEL_CURL_TOKEN; unset TUNNEL_CURL_TOKEN
        exec 3<<END
        cf-access-token: $token
        END
        exec curl "$@" -H @/dev/fd/3
        """;

    private static readonly string[] s_followers = ["-L", "-sL", "-Ls", "--location", "--location-trusted"];

    private static readonly string[] s_allow = ["--allow-request", "-ar", "-allow-request"];

    public static Command Create()
    {
        var words = new Argument<string[]>("arguments") { Arity = ArgumentArity.ZeroOrMore, Description = "The address, and curl's own options." };
        var command = new Command(Name, "Run curl with the token of the application at an address: curl [--allow-request] URL [options].");
        command.Arguments.Add(words);
        command.SetAction((result, _) => RunAsync(result.GetValue(words) ?? []));
        return command;
    }

    /// <summary>Whether a command line is this command's, and not a wish for its help.</summary>
    public static bool IsMeant(string[] arguments) => arguments is ["access" or "forward", Name, not ("-h" or "--help" or "-?"), ..];

    /// <summary>What follows is curl's: nothing of it is an option here.</summary>
    public static string[] Protect(string[] arguments) => [.. arguments[..2], "--", .. arguments[2..]];

    private static Task<int> RunAsync(string[] words)
    {
        var isAllowed = words is [var first, ..] && s_allow.Contains(first);
        var arguments = isAllowed ? words[1..] : words;
        if (arguments is not [var url, ..] || !Uri.TryCreate(url, UriKind.Absolute, out var address) || address.Scheme != Uri.UriSchemeHttps)
        {
            throw new UsageException("Give the address first, such as https://app.example.com/path; curl's options come behind it.");
        }

        return TokenSession.RunAsync(Person.Options(Client(address)), async (signIn, cancellationToken) =>
        {
            string? token = null;
            try
            {
                token = (await signIn.GetTakenTokenAsync(cancellationToken: cancellationToken).ConfigureAwait(false)).Token;
            }
            catch (AccessSignInException) when (isAllowed)
            {
                // The request is wanted all the same.
            }

            return await CurlAsync(arguments, token, cancellationToken).ConfigureAwait(false);
        });
    }

    private static AccessClientOptions Client(Uri address) => new()
    {
        Address = ConnectOptions.ReadAddress(address.AbsoluteUri),
        CertificateAuthorityFile = SystemTrust.Prepare(Environment.GetEnvironmentVariable("TUNNEL_CACERT") is { Length: > 0 } file ? file : null),
        UserAgent = AgentVersion.UserAgent,
    };

    private static async Task<int> CurlAsync(string[] arguments, string? token, CancellationToken cancellationToken)
    {
        var start = token is null ? new ProcessStartInfo("curl", arguments)
            : OperatingSystem.IsWindows()
                ? new ProcessStartInfo("curl", [.. arguments, "--variable", "%" + TokenVariable, "--expand-header", $"cf-access-token: {{{{{TokenVariable}}}}}"])
                : new ProcessStartInfo("/bin/sh", ["-c", Script, "curl", .. arguments]);
        if (token is not null && arguments.Any(s_followers.Contains))
        {
            await Console.Error.WriteLineAsync("tunnel-agent: warning: curl sends the token to every host that it is redirected to.").ConfigureAwait(false);
        }

        if (token is not null)
        {
            start.Environment[TokenVariable] = token;
        }

        try
        {
            using var curl = Process.Start(start)!;
            using var stop = cancellationToken.Register(curl.Kill);
            await curl.WaitForExitAsync(CancellationToken.None).ConfigureAwait(false);
            return curl.ExitCode;
        }
        catch (Win32Exception error)
        {
            throw new AccessSignInException($"curl cannot be started: {error.Message}. Install it.", error);
        }
    }
}
