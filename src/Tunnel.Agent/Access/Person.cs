using System.CommandLine;
using Tunnel.Agent.CommandLine;
using Tunnel.Core.Client;
using Tunnel.Core.Client.SignIn;

namespace Tunnel.Agent.Access;

/// <summary>The person at whose terminal the program runs.</summary>
internal static class Person
{
    /// <summary>Where the person's sign-ins are kept.</summary>
    public static Option<string?> FolderOption() => AgentOption.Text("folder", "Where sign-ins are kept. Default: ~/.cloudflared.");

    /// <summary>Talks on standard error: standard output is the stream's, or the token's.</summary>
    public static AccessSignInOptions Options(AccessClientOptions client, bool closesPage = false, string? folder = null) => new()
    {
        Client = client,
        ClosesPage = closesPage,
        Store = new AccessTokenStore(folder),
        CertificateAuthorityOption = ConnectOptions.CertificateAuthorityOption,
        Say = static lines =>
        {
            foreach (var line in lines)
            {
                Console.Error.WriteLine(line);
            }
        },
    };
}
