namespace Tunnel.Shell.Tests;

public sealed class CommandLineTests
{
    [Fact]
    public async Task A_text_runs_as_a_script()
    {
        var (exitCode, output, _) = await ShellRun.CommandLineAsync("-Command", "1..3 | ForEach-Object { $_ * 2 }; exit 5");

        Assert.Equal((5, "2\n4\n6\n"), (exitCode, output));
    }

    [Fact]
    public async Task A_text_that_ends_with_an_error_fails()
    {
        var (exitCode, _, errors) = await ShellRun.CommandLineAsync("-Command", "Get-NothingAtAll");

        Assert.Equal(1, exitCode);
        Assert.NotEmpty(errors);
    }

    [Fact]
    public async Task Nothing_to_run_is_a_usage_error()
    {
        var (exitCode, output, errors) = await ShellRun.CommandLineAsync();

        Assert.Equal((64, ""), (exitCode, output));
        Assert.Contains("usage:", errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_script_that_is_not_there_is_named()
    {
        var (exitCode, _, errors) = await ShellRun.CommandLineAsync("./nowhere.ps1");

        Assert.Equal(64, exitCode);
        Assert.Contains("nowhere.ps1", errors, StringComparison.Ordinal);
    }
}
