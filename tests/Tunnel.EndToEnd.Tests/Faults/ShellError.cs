namespace Tunnel.EndToEnd.Tests.Faults;

/// <summary>An error record.</summary>
/// <param name="Id">Of FullyQualifiedErrorId, what is before the name of the class.</param>
/// <param name="Advice">RecommendedAction.</param>
/// <param name="Message">What a person reads.</param>
internal sealed record ShellError(string Id, string Advice, string Message);
