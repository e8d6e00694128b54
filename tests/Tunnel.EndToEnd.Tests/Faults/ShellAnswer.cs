namespace Tunnel.EndToEnd.Tests.Faults;

/// <summary>What a script has left behind.</summary>
internal sealed record ShellAnswer(IReadOnlyList<string> Output, IReadOnlyList<ShellError> Errors)
{
    public override string ToString() => $"[{string.Join(", ", Output)}] {string.Join("; ", Errors)}";
}
