namespace Tunnel.Edge.Pages;

/// <summary>One of the choices of a <see cref="ChoiceField"/>.</summary>
/// <param name="Value">What the form sends.</param>
/// <param name="Label">What people read.</param>
/// <param name="Detail">A second line, smaller.</param>
internal sealed record PageChoice(string Value, string Label, string? Detail = null);
