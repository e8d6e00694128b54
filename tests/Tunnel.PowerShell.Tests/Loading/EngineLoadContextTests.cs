using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Runtime.Loader;

namespace Tunnel.PowerShell.Tests.Loading;

public sealed class EngineLoadContextTests
{
    [Fact]
    public void The_engine_and_its_dependencies_load_in_the_modules_own_context()
    {
        using var host = new ConnectedHost();

        string[] names = ["Tunnel.Core", "Tunnel.Edge", "Tunnel.Protocol", "Tunnel.Access", "Microsoft.AspNetCore.Server.Kestrel.Core"];
        AssemblyLoadContext engine = AssemblyLoadContext.All.Single(context => context.Name == "Tunnel");
        Assert.All(names, name => Assert.Contains(engine.Assemblies, assembly => assembly.GetName().Name == name));
        Assert.All(names, name => Assert.DoesNotContain(
            AssemblyLoadContext.Default.Assemblies, assembly => assembly.GetName().Name == name));
    }

    [Fact]
    public void The_module_may_be_imported_again_and_the_first_imports_edge_is_stopped()
    {
        using var host = new ConnectedHost();
        var edge = host.Host.RunOne("Get-TunnelEdge");

        host.Host.Run("param($Module) Import-Module $Module -Force", Repository.ModuleManifest);

        Assert.Equal("Stopped", edge.Properties["State"].Value.ToString());
        Assert.Equal("example.test", host.Host.RunOne(
            "param($State) Start-TunnelEdge -StateDirectory $State | Connect-TunnelAccount | Out-Null; Get-TunnelZone",
            host.Folder.File("edge")).Properties["Name"].Value);
    }

    [Fact]
    public async Task Another_modules_old_YamlDotNet_and_ours_work_in_one_process()
    {
        using var folder = new TemporaryFolder();
        string script = folder.File("clash.ps1");
        await File.WriteAllTextAsync(script, """
            param($Clash, $Module, $Folder)
            $ErrorActionPreference = 'Stop'
            $theirs = [Reflection.Assembly]::LoadFrom($Clash)
            function Read-TheirWay { $theirs.CreateInstance('YamlDotNet.Serialization.Deserializer').Deserialize([IO.StringReader]::new('answer: 42'))['answer'] }
            "theirs before: $(Read-TheirWay)"

            Import-Module $Module
            Start-TunnelEdge -StateDirectory "$Folder/edge" | Connect-TunnelAccount -TunnelDirectory "$Folder/tunnels" | Out-Null
            New-TunnelZone example.test | Out-Null
            New-AccessApplication ssh.example.test | Out-Null
            # Reads and writes the tunnel's config.yml with our version.
            $tunnel = Start-SshTunnel ssh.example.test ssh://127.0.0.1:22
            "ours: $([IO.File]::ReadAllText($tunnel.ConfigurationFile).Contains('ssh://127.0.0.1:22'))"
            "found again: $((Get-SshTunnel).Hostname)"
            Remove-SshTunnel ssh.example.test -GracePeriod 0 -Confirm:$false
            "theirs after: $(Read-TheirWay)"
            $loaded = [AppDomain]::CurrentDomain.GetAssemblies() | Where-Object { $_.GetName().Name -eq 'YamlDotNet' }
            "versions: $(($loaded | ForEach-Object { $_.GetName().Version.Major }) -join ' ')"
            Get-TunnelEdge | Stop-TunnelEdge
            """);

        (int exitCode, string output) = await ShellProcess.RunAsync(
            [script, Path.Combine(AppContext.BaseDirectory, "clash", "YamlDotNet.dll"), Repository.ModuleManifest, folder.Path],
            TimeSpan.FromSeconds(60));

        Assert.True(exitCode == 0, output);
        Assert.Contains("theirs before: 42", output, StringComparison.Ordinal);
        Assert.Contains("ours: True", output, StringComparison.Ordinal);
        Assert.Contains("found again: ssh.example.test", output, StringComparison.Ordinal);
        Assert.Contains("theirs after: 42", output, StringComparison.Ordinal);
        Assert.Contains("versions: 11 18", output, StringComparison.Ordinal);
    }

    [Fact]
    public void What_PowerShell_loads_refers_to_nothing_that_another_module_could_bring_in_another_version()
    {
        Assert.All(References(Repository.ModuleAssembly), name => Assert.True(
            name == "System.Management.Automation" || name == "netstandard" || IsFramework(name) || IsOurs(name),
            $"Tunnel.PowerShell refers to {name}, which would be loaded outside the module's own context."));
    }

    [Fact]
    public void The_engine_folder_has_every_assembly_that_is_referred_to_and_no_other()
    {
        HashSet<string> there = [.. Directory.GetFiles(Repository.EngineFolder, "*.dll").Select(file => Path.GetFileNameWithoutExtension(file))];
        HashSet<string> used = [];
        var open = new Queue<string>(References(Repository.ModuleAssembly).Where(IsOurs));
        while (open.TryDequeue(out string? name))
        {
            if (!used.Add(name))
            {
                continue;
            }

            Assert.True(there.Contains(name), $"bin/engine lacks {name}.");
            foreach (string reference in References(Path.Combine(Repository.EngineFolder, name + ".dll")).Where(name => !IsFramework(name)))
            {
                open.Enqueue(reference);
            }
        }

        // Loaded by name at run time: SQLite's native library is chosen by it.
        used.Add("SQLitePCLRaw.provider.e_sqlite3");
        used.Add("SQLitePCLRaw.batteries_v2");
        Assert.Empty(there.Except(used));
    }

    private static bool IsOurs(string name) => name.StartsWith("Tunnel.", StringComparison.Ordinal);

    /// <summary>In Microsoft.NETCore.App, which every process with PowerShell has.</summary>
    private static bool IsFramework(string name) =>
        File.Exists(Path.Combine(Path.GetDirectoryName(typeof(object).Assembly.Location)!, name + ".dll"));

    private static IEnumerable<string> References(string file)
    {
        using var portable = new PEReader(File.OpenRead(file));
        MetadataReader metadata = portable.GetMetadataReader();
        return [.. metadata.AssemblyReferences.Select(handle => metadata.GetString(metadata.GetAssemblyReference(handle).Name))];
    }
}
