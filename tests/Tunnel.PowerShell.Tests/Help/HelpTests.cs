using System.Management.Automation;

namespace Tunnel.PowerShell.Tests.Help;

/// <summary>What a user finds about each cmdlet. The help file is written by the build (build.ps1 Build).</summary>
public sealed class HelpTests : IDisposable
{
    private static readonly string[] s_changing =
    [
        "New", "Set", "Remove", "Start", "Stop", "Register", "Unregister", "Enable", "Disable", "Confirm", "Clear", "Reset",
        "Update", "Revoke",
    ];

    private readonly ModuleHost _host = new();

    public void Dispose() => _host.Dispose();

    [Fact]
    public void Every_cmdlet_of_the_assembly_is_exported()
    {
        IEnumerable<string> exported = Cmdlets().Select(cmdlet => cmdlet.Name);
        IEnumerable<string> there = Cmdlets()[0].ImplementingType.Assembly.ExportedTypes
            .Select(type => type.GetCustomAttributes(typeof(CmdletAttribute), false).OfType<CmdletAttribute>().SingleOrDefault())
            .OfType<CmdletAttribute>()
            .Select(attribute => $"{attribute.VerbName}-{attribute.NounName}");

        Assert.Empty(there.Except(exported));
    }

    [Fact]
    public void Every_verb_is_an_approved_one()
    {
        HashSet<string> approved = [.. new[]
            {
                typeof(VerbsCommon), typeof(VerbsCommunications), typeof(VerbsData), typeof(VerbsDiagnostic),
                typeof(VerbsLifecycle), typeof(VerbsOther), typeof(VerbsSecurity),
            }
            .SelectMany(type => type.GetFields()).Select(field => (string)field.GetValue(null)!)];

        Assert.All(Cmdlets(), cmdlet => Assert.Contains(cmdlet.Verb, approved));
    }

    [Fact]
    public void Every_cmdlet_has_a_synopsis_a_description_and_an_example()
    {
        Assert.All(Cmdlets(), cmdlet =>
        {
            PSObject help = _host.RunOne("param($Name) Get-Help $Name -Full", cmdlet.Name);
            Assert.False(string.IsNullOrWhiteSpace(Text(help, "Synopsis")), $"{cmdlet.Name}: no synopsis");
            Assert.NotEmpty(_host.Run("param($Name) (Get-Help $Name).description.Text", cmdlet.Name));
            Assert.NotEmpty(_host.Run("param($Name) (Get-Help $Name -Examples).examples.example.code", cmdlet.Name));
            Assert.NotEmpty(_host.Run("param($Name) (Get-Help $Name -Examples).examples.example.remarks.Text", cmdlet.Name));
        });
    }

    [Fact]
    public void Every_parameter_is_described()
    {
        Assert.All(Cmdlets(), cmdlet => Assert.All(OwnParameters(cmdlet), parameter =>
        {
            PSObject? description = _host.Run(
                "param($Name, $Parameter) (Get-Help $Name -Parameter $Parameter).description.Text", cmdlet.Name, parameter)
                .FirstOrDefault();
            Assert.False(string.IsNullOrWhiteSpace(description?.ToString()), $"{cmdlet.Name} -{parameter} is not described");
        }));
    }

    [Fact]
    public void Every_example_is_a_script_that_parses_and_uses_parameters_that_there_are()
    {
        Assert.All(Cmdlets(), cmdlet => Assert.All(
            _host.Run("param($Name) (Get-Help $Name -Examples).examples.example.code", cmdlet.Name),
            code =>
            {
                System.Management.Automation.Language.Parser.ParseInput(code.ToString(), out _, out var errors);
                Assert.True(errors.Length == 0, $"{cmdlet.Name}: {code}");
            }));
    }

    [Fact]
    public void Every_output_type_has_a_table_and_a_list()
    {
        string views = File.ReadAllText(Path.Combine(Repository.Root, "bin", "Tunnel.Format.ps1xml"));
        var document = System.Xml.Linq.XDocument.Parse(views);
        // Text and secrets are shown by PowerShell itself.
        IEnumerable<string> types = Cmdlets().SelectMany(cmdlet => cmdlet.OutputType).Select(type => type.Name).Distinct()
            .Where(type => !type.StartsWith("System.", StringComparison.Ordinal));
        Assert.All(types, type =>
        {
            var forType = document.Descendants("View").Where(view => view.Descendants("TypeName").Any(name => name.Value == type)).ToList();
            Assert.True(forType.Any(view => view.Element("TableControl") is not null), $"{type} has no table view");
            Assert.True(forType.Any(view => view.Element("ListControl") is not null), $"{type} has no list view");
        });
    }

    [Fact]
    public void Every_cmdlet_that_gives_objects_says_of_which_type()
    {
        string[] silent = ["Remove", "Stop", "Unregister", "Disconnect", "Clear", "Revoke"];
        Assert.All(Cmdlets(), cmdlet => Assert.Equal(!silent.Contains(cmdlet.Verb), cmdlet.OutputType.Count > 0));
    }

    [Fact]
    public void Every_cmdlet_that_changes_something_has_WhatIf()
    {
        Assert.All(
            // A rule is a value: nothing changes by building one.
            Cmdlets().Where(cmdlet => s_changing.Contains(cmdlet.Verb) && cmdlet.Name is not "New-AccessRule"),
            cmdlet => Assert.True(cmdlet.Parameters.ContainsKey("WhatIf"), $"{cmdlet.Name} has no -WhatIf"));
    }

    [Fact]
    public void What_may_lock_somebody_out_asks_before()
    {
        // Without a token one signs in again, and that is all.
        Assert.All(Cmdlets().Where(cmdlet => (cmdlet.Verb is "Remove" or "Clear" && cmdlet.Name is not "Remove-AccessToken")
            || cmdlet.Name is "Set-AccessPolicy" or "Set-Tunnel" or "Set-TunnelConfiguration"), cmdlet =>
        {
            var attribute = (CmdletAttribute)cmdlet.ImplementingType.GetCustomAttributes(typeof(CmdletAttribute), false).Single();
            Assert.True(attribute.ConfirmImpact == ConfirmImpact.High, $"{cmdlet.Name} does not ask");
        });
    }

    [Fact]
    public void Every_cmdlet_has_a_Pester_file_named_after_it()
    {
        HashSet<string> files = [.. Directory
            .EnumerateFiles(Path.Combine(Repository.Root, "tests", "Tunnel.PowerShell.Tests"), "*.Tests.ps1", SearchOption.AllDirectories)
            .Select(file => Path.GetFileName(file)[..^".Tests.ps1".Length])];

        Assert.Empty(Cmdlets().Select(cmdlet => cmdlet.Name).Except(files));
    }

    [Fact]
    public void Whatever_names_something_of_the_account_is_completed()
    {
        string[] naming =
        [
            "Account", "AllowedIdentityProvider", "Application", "Exclude", "Group", "IdentityProvider", "Include", "List", "LoginMethod",
            "Policy", "Require", "ReusablePolicy", "ServiceToken", "Tunnel", "Zone",
        ];
        string[] bare =
        [
            .. from cmdlet in Cmdlets()
               from parameter in cmdlet.Parameters.Values
               where naming.Contains(parameter.Name) || (parameter.Name is "Name" && cmdlet.Verb is not ("New" or "Register" or "Start"))
               // Objects that no name stands for, and a name that is given instead of picked.
               where parameter.ParameterType.Name is not ("AccessServiceToken" or "SshTunnel" or "PolicyDefinition[]" or "AccessGroup[]" or "AccessList[]")
               where (cmdlet.Name, parameter.Name) is not ("Set-AccessOrganization", "Name")
               where !parameter.Attributes.OfType<ArgumentCompleterAttribute>().Any()
               select $"{cmdlet.Name} -{parameter.Name}",
        ];

        Assert.Empty(bare);
    }

    [Fact]
    public void The_module_has_an_about_topic()
    {
        string about = _host.RunOne("Get-Help about_Tunnel").ToString();

        Assert.Contains("Start-SshTunnel", about, StringComparison.Ordinal);
    }

    private IReadOnlyList<CmdletInfo> Cmdlets() =>
        [.. _host.Run("Get-Command -Module Tunnel -CommandType Cmdlet").Select(command => (CmdletInfo)command.BaseObject)];

    private static IEnumerable<string> OwnParameters(CmdletInfo cmdlet) => cmdlet.Parameters.Keys
        .Except(Cmdlet.CommonParameters, StringComparer.OrdinalIgnoreCase)
        .Except(["UseTransaction"], StringComparer.OrdinalIgnoreCase);

    private static string? Text(PSObject help, string property) => help.Properties[property]?.Value?.ToString();
}
