using System.Management.Automation;

namespace Tunnel.PowerShell.Tests.Runbooks;

public sealed class PublishSshHostTests : IDisposable
{
    private const string Everything =
        """
        Get-TunnelZone; Get-AccessApplication; Get-AccessGroup; Get-AccessPolicy; Get-AccessPolicy ssh.new.test -ErrorAction Ignore
        Get-AccessServiceToken; Get-Tunnel; Get-TunnelRoute
        """;

    private readonly ConnectedHost _host = new();

    public void Dispose() => _host.Dispose();

    [Fact]
    public void Run_twice_it_ends_the_same_and_makes_nothing_twice()
    {
        PSObject first = Publish("'@example.com'");
        int there = _host.Host.Run(Everything).Count;
        PSObject second = Publish("'@example.com'");

        Assert.Equal(Identifiers(first), Identifiers(second));
        Assert.All(Identifiers(first), id => Assert.False(string.IsNullOrEmpty(id)));
        Assert.Equal(there, _host.Host.Run(Everything).Count);
        Assert.NotNull(Secret(first));
        Assert.Null(Secret(second));
        Assert.Equal(
            "let in ssh people, let in programs",
            _host.Host.RunOne("(Get-AccessPolicy ssh.new.test).Name -join ', '").ToString());
        Assert.Equal("True", _host.Host.RunOne("(Test-AccessPolicy ssh.new.test alice@example.com).IsAllowed").ToString());
    }

    [Fact]
    public void With_WhatIf_it_makes_nothing_before_and_after_there_is_something()
    {
        int before = _host.Host.Run(Everything).Count;
        Assert.Empty(_host.Host.Run("param($Script) & $Script ssh.new.test '@example.com' -WhatIf", Script));
        Assert.Equal(before, _host.Host.Run(Everything).Count);

        Publish("'@example.com'");
        int after = _host.Host.Run(Everything).Count;
        Assert.Empty(_host.Host.Run("param($Script) & $Script ssh.new.test '@example.com' -WhatIf", Script));
        Assert.Equal(after, _host.Host.Run(Everything).Count);
    }

    [Fact]
    public void Other_people_than_before_are_an_error_that_names_the_cmdlet_to_change_them_with()
    {
        Publish("'@example.com'");

        var e = Assert.ThrowsAny<RuntimeException>(() => Publish("'@example.org'"));

        Assert.StartsWith("ResourceConflict,", e.ErrorRecord.FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Contains("Set-AccessGroup", e.Message, StringComparison.Ordinal);
    }

    private static string Script => Path.Combine(Repository.Root, "src", "runbooks", "publish-ssh-host.ps1");

    private PSObject Publish(string people) => _host.Host.RunOne($"param($Script) & $Script ssh.new.test {people}", Script);

    private static string?[] Identifiers(PSObject published) =>
    [
        .. published.Properties.Where(property => property.Name is not "ServiceToken").Select(property => property.Value?.ToString()),
        ((PSObject)published.Properties["ServiceToken"].Value).Properties["Id"].Value?.ToString(),
    ];

    private static object? Secret(PSObject published) =>
        ((PSObject)published.Properties["ServiceToken"].Value).Properties["ClientSecret"].Value;
}
