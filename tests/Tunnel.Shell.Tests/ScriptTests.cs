using System.Diagnostics;
using Tunnel.Testing;

namespace Tunnel.Shell.Tests;

public sealed class ScriptTests
{
    [Fact]
    public async Task Arguments_bind_by_position_by_name_and_as_switches()
    {
        var (exitCode, output, _) = await ShellRun.ScriptAsync(
            "param([string] $Task, [int] $Count, [switch] $Fast, [switch] $Slow) \"$Task $($Count + 1) $Fast $Slow\"",
            "Build",
            "-Count",
            "5",
            "-Fast",
            "-Slow:$false");

        Assert.Equal((0, "Build 6 True False\n"), (exitCode, output));
    }

    [Theory]
    [InlineData("it's $x \"quoted\" `tick`")]
    [InlineData("-5")]
    [InlineData("--long-option")]
    [InlineData("; exit 9")]
    [InlineData("")]
    [InlineData("‘curly’")]
    public async Task An_argument_arrives_as_it_was_given(string argument)
    {
        var (exitCode, output, _) = await ShellRun.ScriptAsync("param($Text) \"[$Text]\"", argument);

        Assert.Equal((0, $"[{argument}]\n"), (exitCode, output));
    }

    [Theory]
    [InlineData("exit 7", 7)]
    [InlineData("exit 0", 0)]
    [InlineData("'no exit'", 0)]
    [InlineData("function Inner { exit 3 } Inner", 3)]
    [InlineData("throw 'bad'", 1)]
    [InlineData("Get-NothingAtAll", 0)]
    [InlineData("$ErrorActionPreference = 'Stop'; Get-NothingAtAll", 1)]
    public async Task The_exit_code_is_the_scripts(string script, int expected)
    {
        var (exitCode, _, _) = await ShellRun.ScriptAsync(script);

        Assert.Equal(expected, exitCode);
    }

    [Fact]
    public async Task Errors_go_to_standard_error_with_no_colours_where_there_is_no_terminal()
    {
        var (_, output, errors) = await ShellRun.ScriptAsync("'before'; Get-NothingAtAll; $Host.UI.WriteWarningLine('careful'); 'after'");

        Assert.Equal("before\nafter\n", output);
        Assert.Contains("Get-NothingAtAll", errors, StringComparison.Ordinal);
        Assert.Contains("WARNING: careful", errors, StringComparison.Ordinal);
        Assert.DoesNotContain('\e', output + errors);
    }

    [Fact]
    public async Task Objects_are_shown_as_tables()
    {
        var (_, output, _) = await ShellRun.ScriptAsync("[pscustomobject] @{ Name = 'one'; Value = 1 }");

        Assert.Contains("Name Value\n---- -----\none      1", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Native_programs_have_our_standard_streams_and_their_exit_code_is_known()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "uses sh");
        var (exitCode, output, errors) = await ShellRun.ScriptAsync(
            "sh -c 'echo out; echo err >&2; exit 4'; \"code $LASTEXITCODE\"; $kept = sh -c 'echo kept'; \"got $kept\"");

        Assert.Equal((0, "out\ncode 4\ngot kept\n", "err\n"), (exitCode, output, errors));
    }

    [Fact]
    public async Task A_script_knows_its_place()
    {
        var (_, output, _) = await ShellRun.ScriptAsync("[IO.File]::Exists(\"$PSScriptRoot/script.ps1\"); $MyInvocation.MyCommand.Name");

        Assert.Equal("True\nscript.ps1\n", output);
    }

    [Fact]
    public async Task A_question_is_an_error_and_not_a_hang()
    {
        var (exitCode, _, errors) = await ShellRun.ScriptAsync("param([Parameter(Mandatory)] $Needed) $Needed");

        Assert.Equal(1, exitCode);
        Assert.Contains("Needed", errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("INT", 130)]
    [InlineData("TERM", 143)]
    public async Task A_signal_stops_the_script_and_its_finally_blocks_run(string signal, int expected)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "uses kill");
        if (signal == "INT")
        {
            IgnoredSignals.SkipIfIgnored(IgnoredSignals.Interrupt);
        }

        using var run = new ShellRun();
        Process process = run.Start(
            "try { [Console]::WriteLine('running'); while ($true) { [Threading.Thread]::Sleep(10) } } finally { [Console]::WriteLine('cleaned') }");
        Assert.Equal("running", await process.StandardOutput.ReadLineAsync());

        using (var kill = Process.Start("kill", [$"-{signal}", process.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]))
        {
            await kill.WaitForExitAsync();
        }

        var (exitCode, output, _) = await ShellRun.EndAsync(process);
        Assert.Equal((expected, "cleaned\n"), (exitCode, output));
    }
}
