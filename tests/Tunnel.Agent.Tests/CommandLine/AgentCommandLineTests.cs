namespace Tunnel.Agent.Tests.CommandLine;

public sealed class AgentCommandLineTests
{
    [Theory, InlineData("--version"), InlineData("-v"), InlineData("version")]
    public async Task The_version_is_its_own(string argument)
    {
        var result = await RunningAgent.RunAsync(argument);

        Assert.Equal(0, result.ExitCode);
        Assert.Matches(@"^tunnel-agent \d+\.\d+\.\d+\n$", result.Output);
    }

    [Theory]
    [InlineData]
    [InlineData("no-such-command")]
    [InlineData("access")]
    [InlineData("access", "ssh")]
    [InlineData("access", "ssh", "--no-such-option")]
    [InlineData("access", "ssh", "--hostname", "a b")]
    [InlineData("access", "ssh", "--hostname", "h.example", "--connect-to", "1:2:3:4:5")]
    [InlineData("access", "ssh", "--hostname", "h.example", "--url", "not-an-address")]
    [InlineData("access", "ssh", "--hostname", "h.example", "--id", "only-an-id")]
    [InlineData("access", "ssh-gen")]
    [InlineData("access", "ssh-gen", "--hostname", "a b")]
    [InlineData("access", "ssh-gen", "--hostname", "h.example", "--app-token-file", "/nonexistent/token")]
    [InlineData("tunnel")]
    [InlineData("tunnel", "run")]
    [InlineData("tunnel", "run", "--token", "not-a-token")]
    [InlineData("tunnel", "run", "--hello-world", "--token", "x")]
    [InlineData("tunnel", "--no-such-option", "run")]
    [InlineData("edge", "run")]
    [InlineData("edge", "run", "--state-directory", "/nonexistent/x", "--api-address", "nowhere")]
    public async Task What_makes_no_sense_is_answered_with_2_and_one_line(params string[] arguments)
    {
        var result = await RunningAgent.RunAsync(arguments);

        Assert.Equal(2, result.ExitCode);
        Assert.Empty(result.Output);
        Assert.StartsWith("tunnel-agent: ", result.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_ssh_config_is_shown_with_and_without_certificates()
    {
        var plain = await RunningAgent.RunAsync("access", "ssh-config", "--hostname", "h.example");
        var certificates = await RunningAgent.RunAsync("access", "ssh-config", "--hostname", "h.example", "--short-lived-cert");

        Assert.Matches(@"\nHost h\.example\n  ProxyCommand '?/.+'? access ssh --hostname %h\n$", plain.Output);
        Assert.Matches(
            @"\nMatch host h\.example exec ""'?/.+'? access ssh-gen --hostname %h""\n  ProxyCommand '?/.+'? access ssh --hostname %h\n" +
            @"  IdentityFile ~/\.cloudflared/%h-cf_key\n  CertificateFile ~/\.cloudflared/%h-cf_key-cert\.pub\n$", certificates.Output);
    }

    [Theory]
    [InlineData("h.example\n  ProxyCommand touch OWNED")]
    [InlineData("h.example other")]
    [InlineData("\"h.example")]
    [InlineData("h.example' x")]
    [InlineData("h,example")]
    [InlineData("!h.example")]
    [InlineData("%h")]
    [InlineData("-h.example")]
    public async Task A_name_that_means_more_than_a_name_is_not_written_into_an_ssh_config(string hostname)
    {
        foreach (var more in (string[][])[[], ["--short-lived-cert"]])
        {
            var result = await RunningAgent.RunAsync(["access", "ssh-config", "--hostname=" + hostname, .. more]);

            Assert.Equal((2, ""), (result.ExitCode, result.Output));
            Assert.Contains("is not a host name", result.Error, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_pattern_of_names_and_no_name_yet_may_stand_in_the_ssh_config_that_is_shown()
    {
        Assert.Contains("\nHost *.example.com\n", (await RunningAgent.RunAsync("access", "ssh-config", "--hostname", "*.example.com")).Output, StringComparison.Ordinal);
        Assert.Contains("\nHost [your hostname]\n", (await RunningAgent.RunAsync("access", "ssh-config")).Output, StringComparison.Ordinal);
    }

    [Theory, InlineData("--help"), InlineData("access", "ssh", "--help"), InlineData("tunnel", "run", "-h")]
    public async Task Help_goes_to_standard_output(params string[] arguments)
    {
        var result = await RunningAgent.RunAsync(arguments);

        Assert.Equal(0, result.ExitCode);
        Assert.Contains("Usage:", result.Output, StringComparison.Ordinal);
    }
}
