using System.Reflection;

namespace Tunnel.Agent.CommandLine;

/// <summary>The program's name and version, as it says them to people and to servers.</summary>
internal static class AgentVersion
{
    public static string Number { get; } =
        typeof(AgentVersion).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion
            .Split('+')[0] ?? "0.0.0";

    public static string UserAgent { get; } = "tunnel-agent/" + Number;
}
