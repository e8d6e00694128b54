namespace Tunnel.Core.Ingress;

/// <summary>A program to run with the right to change the firewall.</summary>
/// <param name="Program">A name on the PATH.</param>
/// <param name="Arguments">Passed as they are: no shell reads them.</param>
/// <param name="Input">What it reads; null for nothing.</param>
public sealed record FirewallCommand(string Program, IReadOnlyList<string> Arguments, string? Input = null)
{
    /// <summary>It changes nothing, and may be stopped half-way. Everything else is run to its end.</summary>
    public bool MayBeCut { get; init; }

    public override string ToString() =>
        string.Join(' ', Arguments.Prepend(Program)) + (Input is null ? "" : $" <<'EOF'\n{Input}EOF");
}
