namespace Tunnel.Edge.Pages;

/// <summary>Something wrong with a form.</summary>
/// <param name="Field">The <c>Name</c> of the field it is about; null for the form as a whole.</param>
/// <param name="Message">What to do about it.</param>
internal sealed record PageError(string? Field, string Message);
