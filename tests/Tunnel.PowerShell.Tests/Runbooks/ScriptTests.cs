using System.Management.Automation.Language;

namespace Tunnel.PowerShell.Tests.Runbooks;

/// <summary>The scripts that have to run where only the .NET SDK is.</summary>
public sealed class ScriptTests
{
    private static readonly string[] s_nativePrograms = ["dotnet", "ssh", "sshd", "ssh-keygen"];

    public static TheoryData<string> Scripts =>
        ["build.ps1", "src/runbooks/quickstart.ps1", "src/runbooks/publish-ssh-host.ps1", "src/Tunnel.PowerShell/Help/New-HelpFile.ps1"];

    [Theory]
    [MemberData(nameof(Scripts))]
    public void A_script_uses_only_what_the_engine_and_the_module_have(string script)
    {
        using var host = new ModuleHost();
        ScriptBlockAst ast = Parser.ParseFile(Path.Combine(Repository.Root, script), out _, out ParseError[] errors);
        Assert.Empty(errors);

        HashSet<string> own = [.. ast.FindAll(node => node is FunctionDefinitionAst, true).Cast<FunctionDefinitionAst>().Select(f => f.Name)];
        IEnumerable<string> used = ast.FindAll(node => node is CommandAst, true).Cast<CommandAst>()
            .Select(command => command.GetCommandName())
            .OfType<string>()
            .Where(name => !own.Contains(name) && !s_nativePrograms.Contains(name))
            .Distinct();

        Assert.All(used, name => Assert.NotEmpty(host.Run("param($Name) Get-Command $Name -ErrorAction Ignore", name)));
    }

    [Theory]
    [InlineData("the first time")]
    [InlineData("again")]
    public async Task The_quickstart_runs_and_leaves_nothing_behind(string time)
    {
        Assert.SkipUnless(File.Exists(Repository.Agent), "tunnel-agent is not published (build.ps1 Build)");
        Assert.SkipUnless(File.Exists("/usr/sbin/sshd"), "sshd is not installed (Debian: openssh-server)");
        HashSet<string> before = [.. Leftovers()];

        (int exitCode, string output) = await ShellProcess.RunAsync(
            [Path.Combine(Repository.Root, "src", "runbooks", "quickstart.ps1")], TimeSpan.FromSeconds(60));

        Assert.True(exitCode == 0, $"{time}: {output}");
        Assert.Contains(": 42", output, StringComparison.Ordinal);
        Assert.Contains("nothing is left behind", output, StringComparison.Ordinal);
        Assert.Empty(Leftovers().Except(before));
    }

    private static string[] Leftovers() => Directory.GetDirectories(Path.GetTempPath(), "tunnel-quickstart-*");
}
