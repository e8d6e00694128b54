using System.Management.Automation;
using System.Reflection;
using System.Runtime.Loader;
using Tunnel.PowerShell.Pipeline;

namespace Tunnel.PowerShell.Loading;

/// <summary>
/// Leads the default load context to the engine while the module is imported. The context itself lives as long as the
/// process: assemblies that a cmdlet has bound stay bound, also over <c>Import-Module -Force</c>.
/// </summary>
public sealed class ModuleLifetime : IModuleAssemblyInitializer, IModuleAssemblyCleanup
{
    private static readonly EngineLoadContext Context = new(Path.Combine(
        Path.GetDirectoryName(typeof(ModuleLifetime).Assembly.Location)!, "engine"));

    private static int imports;

    /// <summary>Called by PowerShell when the module is imported, once for each runspace.</summary>
    public void OnImport()
    {
        if (Interlocked.Increment(ref imports) == 1)
        {
            AssemblyLoadContext.Default.Resolving += Resolve;
        }
    }

    /// <summary>Called by PowerShell when the module is removed from a runspace: ends what the runspace still runs.</summary>
    public void OnRemove(PSModuleInfo psModuleInfo)
    {
        TunnelSession.Of(psModuleInfo).CloseAsync().GetAwaiter().GetResult();
        if (Interlocked.Decrement(ref imports) == 0)
        {
            AssemblyLoadContext.Default.Resolving -= Resolve;
        }
    }

    private static Assembly? Resolve(AssemblyLoadContext context, AssemblyName name) => Context.LoadEngineAssembly(name);
}
