using System.CommandLine;
using Tunnel.Agent.CommandLine;
using Tunnel.Core.Client;

namespace Tunnel.Agent.Access;

/// <summary>The options of commands about one application's token; names are cloudflared's where it has them.</summary>
internal sealed class ApplicationCommandOptions
{
    private readonly Option<string?> _app = AgentOption.Text("app", "The application's address.");

    private readonly Argument<string?> _url = new("url") { Arity = ArgumentArity.ZeroOrOne, Description = "The same as --app." };

    private readonly Option<string?> _folder = Person.FolderOption();

    private readonly ConnectOptions _connect = new();

    public void AddTo(Command command)
    {
        command.Options.Add(_app);
        command.Arguments.Add(_url);
        command.Options.Add(_folder);
        _connect.AddTo(command);
    }

    public string? Folder(ParseResult result) => result.GetValue(_folder);

    /// <summary>Whether it was given as an option, which to cloudflared means that the token alone is wanted.</summary>
    public bool IsOption(ParseResult result) => result.GetValue(_app) is not null;

    /// <exception cref="UsageException">No address, or none that makes sense.</exception>
    public AccessClientOptions Read(ParseResult result)
    {
        var address = ConnectOptions.ReadAddress(
            result.GetValue(_url) ?? result.GetValue(_app) ?? throw new UsageException("Give the application's address, such as https://ssh.example.com."));
        return _connect.Read(result, address);
    }
}
