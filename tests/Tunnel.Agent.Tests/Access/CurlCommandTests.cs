using Tunnel.Testing;

namespace Tunnel.Agent.Tests.Access;

/// <summary>Real curl with the application's token, which no other host may see.</summary>
public sealed class CurlCommandTests : IAsyncLifetime
{
    private LoneApplication _application = null!;

    private string Away => $"https://localhost:{_application.Port}/away";

    public async ValueTask InitializeAsync()
    {
        Assert.SkipUnless(File.Exists("/usr/bin/curl"), "curl is not installed");
        _application = await LoneApplication.StartAsync();
        _application.KeepToken();
    }

    public async ValueTask DisposeAsync()
    {
        if (_application is not null)
        {
            await _application.DisposeAsync();
        }
    }

    [Fact]
    public async Task The_token_goes_to_the_application_in_its_header()
    {
        var result = await CurlAsync(Away, "-s", "-o", "/dev/null", "-w", "%{http_code}");

        Assert.Equal((0, "302"), (result.ExitCode, result.Output));
        Assert.Equal(["localhost header"], _application.Seen);
    }

    [Theory]
    [InlineData("-L")]
    [InlineData("-sL")]
    [InlineData("-sLo/dev/null")]
    [InlineData("--location")]
    public async Task Where_redirects_are_followed_the_token_stays_with_its_host(string option)
    {
        var result = await CurlAsync(Away, option);

        Assert.True(result.ExitCode == 0, result.ToString());
        Assert.Equal(["localhost cookie", "127.0.0.1 nothing"], _application.Seen);
    }

    [Theory]
    [InlineData(".curlrc", "location-trusted\n")]
    [InlineData("more", "location\n")]
    public async Task What_a_configuration_of_curls_says_takes_the_token_nowhere(string name, string content)
    {
        _application.Write(name, content);

        var result = await CurlAsync(Away, "-s", name == ".curlrc" ? "-S" : "-K" + Path.Combine(_application.Environment["HOME"], name));

        Assert.True(result.ExitCode == 0, result.ToString());
        Assert.Equal(["localhost header"], _application.Seen);
    }

    [Theory]
    [InlineData("--location-trusted")]
    [InlineData("--location-t")]
    [InlineData("-L", "-cjar")]
    [InlineData("-L", "--cookie-jar", "jar")]
    [InlineData("-sLc", "jar")]
    public async Task What_would_show_the_token_to_others_or_write_it_down_is_refused(params string[] options)
    {
        var result = await CurlAsync([Away, .. options]);

        Assert.Equal(2, result.ExitCode);
        Assert.Empty(_application.Seen);
    }

    [Fact]
    public async Task A_request_that_is_allowed_without_a_token_asks_nobody_and_uses_what_there_is()
    {
        Assert.Equal(0, (await CurlAsync("--allow-request", Away, "-s")).ExitCode);
        Directory.Delete(Path.Combine(_application.Environment["HOME"], ".cloudflared"), recursive: true);
        var without = await CurlAsync("--allow-request", Away, "-s");
        _application.IsProtected = false;
        var open = await CurlAsync("-ar", Away, "-s");

        Assert.Equal((0, 0), (without.ExitCode, open.ExitCode));
        Assert.Contains("there is no token", without.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("https://", without.Error, StringComparison.Ordinal);
        Assert.Equal(["localhost header", "localhost nothing", "localhost nothing"], _application.Seen);
    }

    private Task<ProcessResult> CurlAsync(params string[] words) =>
        ProcessResult.RunAsync(AgentProgram.Path, ["access", "curl", .. words], environment: _application.Environment);
}
