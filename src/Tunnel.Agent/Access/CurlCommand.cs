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

    /// <summary>
    /// The header comes from a pipe, so that it stands in no argument and no file; curl itself is not given the variable. curl
    /// would show it to every host that it is redirected to: whatever a configuration of its own says, it goes nowhere.
    /// </summary>
    private const string Script = """
        token=$TUNNEL_CURL_TOKEN; unset TUNNEL_CURL_TOKEN
        exec 3<<END
        cf-access-token: $token
        END
        exec curl "$@" --no-location -H @/dev/fd/3
        """;

    /// <summary>Where redirects are followed, it is a cookie (in Netscape's format): curl shows one to its own host only.</summary>
    private const string FollowingScript = """
        token=$TUNNEL_CURL_TOKEN host=$TUNNEL_CURL_HOST tab=$(printf '\t'); unset TUNNEL_CURL_TOKEN TUNNEL_CURL_HOST
        exec 3<<END
        $host${tab}FALSE${tab}/${tab}TRUE${tab}0${tab}CF_Authorization${tab}$token
        END
        exec curl "$@" -b /dev/fd/3
        """;

    private const string HostVariable = "TUNNEL_CURL_HOST";

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

        var curl = new CurlArguments(arguments);
        if (curl.Follows && OperatingSystem.IsWindows())
        {
            throw new UsageException("Redirects are not followed here, since the token would go to other hosts. Give their address.");
        }

        return TokenSession.RunAsync(Person.Options(Client(address)), async (signIn, cancellationToken) =>
        {
            var token = isAllowed
                ? await FindTokenAsync(signIn, cancellationToken).ConfigureAwait(false)
                : (await signIn.GetTakenTokenAsync(cancellationToken: cancellationToken).ConfigureAwait(false)).Token;
            return await CurlAsync(Start(arguments, address, token, curl.Follows), cancellationToken).ConfigureAwait(false);
        });
    }

    /// <summary>The token that is kept; nobody is asked, since the request is wanted all the same. As cloudflared has it.</summary>
    private static async Task<string?> FindTokenAsync(AccessSignIn signIn, CancellationToken cancellationToken)
    {
        try
        {
            var application = await signIn.FindApplicationAsync(cancellationToken).ConfigureAwait(false);
            if (new AccessTokenStore().Find(application) is { } kept)
            {
                return kept.Token;
            }
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or TimeoutException)
        {
            // Then there is no token for it.
        }

        await Console.Error.WriteLineAsync("tunnel-agent: there is no token, so the request goes without one").ConfigureAwait(false);
        return null;
    }

    private static AccessClientOptions Client(Uri address) => new()
    {
        Address = ConnectOptions.ReadAddress(address.AbsoluteUri),
        CertificateAuthorityFile = SystemTrust.Prepare(Environment.GetEnvironmentVariable("TUNNEL_CACERT") is { Length: > 0 } file ? file : null),
        UserAgent = AgentVersion.UserAgent,
    };

    private static ProcessStartInfo Start(string[] arguments, Uri address, string? token, bool follows)
    {
        if (token is null)
        {
            return new ProcessStartInfo("curl", arguments);
        }

        var start = OperatingSystem.IsWindows()
            ? new ProcessStartInfo("curl",
                [.. arguments, "--no-location", "--variable", "%" + TokenVariable, "--expand-header", $"cf-access-token: {{{{{TokenVariable}}}}}"])
            : new ProcessStartInfo("/bin/sh", ["-c", follows ? FollowingScript : Script, "curl", .. arguments]);
        start.Environment[TokenVariable] = token;
        start.Environment[HostVariable] = address.IdnHost;
        return start;
    }

    private static async Task<int> CurlAsync(ProcessStartInfo start, CancellationToken cancellationToken)
    {
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
