using System.Management.Automation;
using System.Security;

namespace Tunnel.PowerShell.Tests.Access;

public sealed class ServiceTokenLifeTests : IDisposable
{
    private readonly ConnectedHost _host = new();

    public ServiceTokenLifeTests() => _host.Host.Run("$script:made = New-AccessServiceToken ci");

    public void Dispose() => _host.Dispose();

    [Fact]
    public void Only_what_is_given_changes_and_the_secret_never_does()
    {
        PSObject changed = _host.Host.RunOne("Set-AccessServiceToken ci -NewName deploy -Duration forever");
        Assert.Equal(("deploy", "forever"), (Of(changed, "Name"), Of(changed, "Duration")));
        Assert.Null(changed.Properties["ExpiresAt"].Value);
        Assert.Null(changed.Properties["ClientSecret"].Value);
        Assert.Equal("Disabled", Of(_host.Host.RunOne("Set-AccessServiceToken deploy -Enabled $false"), "State"));
        Assert.Equal("Valid", Of(_host.Host.RunOne("Get-AccessServiceToken deploy | Set-AccessServiceToken -Enabled $true"), "State"));
    }

    [Fact]
    public void A_new_secret_is_told_once_and_the_client_id_stays()
    {
        string before = Of(_host.Host.RunOne("Get-AccessServiceToken ci"), "ClientId");
        PSObject token = _host.Host.RunOne("Get-AccessServiceToken ci | Reset-AccessServiceToken -GracePeriod 1:00:00 -Confirm:$false");

        Assert.Equal(before, Of(token, "ClientId"));
        Assert.True(Assert.IsType<SecureString>(token.Properties["ClientSecret"].Value).Length >= 32);
        Assert.Null(_host.Host.RunOne("Get-AccessServiceToken ci").Properties["ClientSecret"].Value);
    }

    [Fact]
    public void A_token_lives_on_for_another_whole_duration()
    {
        var before = (DateTimeOffset)_host.Host.RunOne("Get-AccessServiceToken ci").Properties["ExpiresAt"].Value;
        var after = (DateTimeOffset)_host.Host.RunOne("Update-AccessServiceToken ci").Properties["ExpiresAt"].Value;
        Assert.True(after > before);
    }

    [Fact]
    public void A_token_that_is_over_or_nearly_so_is_warned_about()
    {
        _host.Host.Run("New-AccessServiceToken over -Duration 1ms; New-AccessServiceToken short -Duration 24h; New-AccessServiceToken ever -Duration forever");
        using System.Management.Automation.PowerShell shell = _host.Host.Create("Get-AccessServiceToken");

        IEnumerable<string> states = shell.Invoke().Select(token => $"{Of(token, "Name")} {Of(token, "State")}").Order(StringComparer.Ordinal);

        Assert.Equal(["ci Valid", "ever Valid", "over Expired", "short Valid"], states);
        Assert.Contains("Update-AccessServiceToken", Assert.Single(shell.Streams.Warning).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void WhatIf_changes_nothing()
    {
        _host.Host.Run(
            """
            Set-AccessServiceToken ci -NewName other -WhatIf
            Update-AccessServiceToken ci -WhatIf
            Reset-AccessServiceToken ci -WhatIf
            """);
        Assert.Equal("ci", Of(_host.Host.RunOne("Get-AccessServiceToken"), "Name"));
    }

    [Fact]
    public void What_is_not_there_is_an_error_with_its_name()
    {
        foreach (string verb in new[] { "Set", "Update", "Reset" })
        {
            ErrorRecord error = _host.Host.RunToError($"{verb}-AccessServiceToken nobody");
            Assert.StartsWith("ResourceNotFound,", error.FullyQualifiedErrorId, StringComparison.Ordinal);
            Assert.Equal("nobody", error.TargetObject);
        }
    }

    private static string Of(PSObject item, string property) => item.Properties[property].Value?.ToString() ?? "";
}
