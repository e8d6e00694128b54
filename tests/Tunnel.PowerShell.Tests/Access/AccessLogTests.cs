using System.Collections.Concurrent;
using System.Management.Automation;
using Tunnel.Testing;

namespace Tunnel.PowerShell.Tests.Access;

/// <summary>What Access decided, as Get-AccessLog finds, follows and forgets it.</summary>
public sealed class AccessLogTests : IDisposable
{
    private const string Ssh = "ssh.example.test";
    private const string Web = "web.example.test";

    private readonly ConnectedHost _host = new();

    public AccessLogTests() => _host.Host.Run(
        $"""
        New-AccessApplication {Ssh} -Name Shell; New-AccessPolicy {Ssh} -Name staff -Decision Allow -Include '@example.com'
        New-AccessApplication {Web}; New-AccessPolicy {Web} -Name staff -Decision Allow -Include '@example.com'
        """);

    public void Dispose() => _host.Dispose();

    [Fact]
    public async Task A_request_is_found_by_the_ray_that_its_answer_names()
    {
        string ray = await VisitAsync(Ssh);
        await VisitAsync(Ssh);

        PSObject entry = _host.Host.RunOne("param($Ray) Get-AccessLog -RayId $Ray", ray);

        Assert.Equal((ray, false), ((string)entry.Properties["RayId"].Value, (bool)entry.Properties["Allowed"].Value));
        Assert.Equal(ray, _host.Host.RunOne("param($Ray) ([pscustomobject]@{ RayId = $Ray } | Get-AccessLog).RayId", ray).BaseObject);
        Assert.Empty(_host.Host.Run("Get-AccessLog -RayId 0000000000000000"));
    }

    [Fact]
    public async Task Filters_choose_and_narrow_each_other()
    {
        await VisitAsync(Ssh);
        await VisitAsync(Web);
        await PersonSignIn.RunAsync(_host, Ssh, "alice@example.com");
        await PersonSignIn.RunAsync(_host, Web, "bob@example.com");

        // The sign-in, and the request that goes on after it.
        Assert.Equal(2, Count("-Email alice@example.com -Application ssh.example.test -Denied:$false"));
        Assert.Equal(2, Count("-Email alice@example.com"));
        Assert.Equal(0, Count("-Email alice@example.com -Application web.example.test"));
        Assert.Equal(0, Count("-Email alice@example.com -Denied"));
        Assert.Equal(4, Count("-Email '@example.com'"));
        Assert.Equal(0, Count("-Email '@elsewhere.test'"));
        Assert.Equal(Count(""), Count("-Denied") + Count("-Denied:$false"));
        Assert.Equal(Count("-Application ssh.example.test"), Count("-Application Shell"));
        Assert.Equal(Count("-Application Shell"), (int)_host.Host.RunOne("@(Get-AccessApplication ssh.* | Get-AccessLog).Count").BaseObject);
        Assert.Equal(Count("-Application Shell") + Count("-Application web.example.test"), Count(""));
    }

    [Fact]
    public async Task Times_choose_and_the_newest_comes_first()
    {
        string first = await VisitAsync(Ssh);
        string second = await VisitAsync(Web);
        Assert.Equal([second, first], _host.Host.Run("Get-AccessLog | ForEach-Object RayId").Select(r => (string)r.BaseObject));

        _host.Host.Run("param($Ray) $global:time = (Get-AccessLog -RayId $Ray).CreatedAt", second);

        Assert.Equal(second, _host.Host.RunOne("(Get-AccessLog -Since $time).RayId").BaseObject);
        Assert.Equal(first, _host.Host.RunOne("(Get-AccessLog -Until $time.AddMilliseconds(-1)).RayId").BaseObject);
        Assert.Equal(0, Count("-Since $time.AddHours(1)"));
        Assert.Equal(0, Count("-Until $time.AddHours(-1)"));
    }

    [Fact]
    public async Task Follow_shows_what_is_there_and_what_comes_and_only_what_is_asked_for()
    {
        CancellationToken cancellation = TestContext.Current.CancellationToken;
        string before = await VisitAsync(Ssh);
        using System.Management.Automation.PowerShell shell = _host.Host.Create($"Get-AccessLog -Application {Ssh} -Follow | ForEach-Object RayId");
        var shown = new ConcurrentQueue<string>();
        using var more = new SemaphoreSlim(0);
        using var output = new PSDataCollection<PSObject>();
        output.DataAdded += (_, added) =>
        {
            shown.Enqueue((string)output[added.Index].BaseObject);
            more.Release();
        };
        // The runspace follows: whoever visits has to know the way already.
        using HttpClient visitor = PersonSignIn.Browser(_host, followsRedirects: false);
        IAsyncResult following = shell.BeginInvoke<PSObject, PSObject>(null, output);
        Assert.True(await more.WaitAsync(Eventually.Limit, cancellation));

        await VisitAsync(visitor, Web);
        string after = await VisitAsync(visitor, Ssh);

        Assert.True(await more.WaitAsync(Eventually.Limit, cancellation));
        Assert.Equal([before, after], shown);
        Assert.False(following.IsCompleted);
        await ModuleHost.StopAsync(shell);
    }

    [Fact]
    public async Task What_is_older_than_the_retention_is_gone()
    {
        string old = await VisitAsync(Ssh);
        Assert.Equal(old, _host.Host.RunOne("(Get-AccessLog).RayId").BaseObject);

        Restart("-AccessLogRetention 00:00:01");
        Assert.True(SpinWait.SpinUntil(() => Count("") == 0, Eventually.Limit), "It is not shown after a second.");
        await VisitAsync(Ssh); // what is written next takes it away
        Restart("");

        Assert.Empty(_host.Host.Run("param($Ray) Get-AccessLog -RayId $Ray", old));

        void Restart(string options) => _host.Host.Run(
            $"""
            param($State)
            Get-TunnelEdge | Stop-TunnelEdge
            Start-TunnelEdge $State {options} | Connect-TunnelAccount | Out-Null
            """,
            _host.Folder.File("edge"));
    }

    [Theory]
    [InlineData("00:00:00")]
    [InlineData("-1.00:00:00")]
    public void A_retention_of_nothing_is_refused_before_the_edge_starts(string retention)
    {
        string state = _host.Folder.File("none");

        ErrorRecord error = _host.Host.RunToError($"param($State) Start-TunnelEdge $State -AccessLogRetention {retention}", state);

        Assert.Equal("ArgumentNotUsable,Tunnel.PowerShell.Edge.StartTunnelEdge", error.FullyQualifiedErrorId);
        Assert.False(Directory.Exists(state));
    }

    private int Count(string filter) => (int)_host.Host.RunOne($"@(Get-AccessLog {filter}).Count").BaseObject;

    private async Task<string> VisitAsync(string hostname)
    {
        using HttpClient visitor = PersonSignIn.Browser(_host, followsRedirects: false);
        return await VisitAsync(visitor, hostname);
    }

    /// <summary>Nobody asks, and is sent to sign in.</summary>
    /// <returns>The request's ray.</returns>
    private static async Task<string> VisitAsync(HttpClient visitor, string hostname)
    {
        using var request = new HttpRequestMessage(HttpMethod.Head, $"https://{hostname}/");
        using HttpResponseMessage response = await visitor.SendAsync(request, TestContext.Current.CancellationToken);
        return response.Headers.GetValues("Cf-Ray").Single();
    }
}
