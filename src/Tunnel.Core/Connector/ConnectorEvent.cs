namespace Tunnel.Core.Connector;

/// <summary>Something that happened to a connector, in words for a person and in a state for a program.</summary>
/// <param name="Time">When it happened.</param>
/// <param name="State">The connector's state after it.</param>
/// <param name="ConnectionIndex">The connection that it happened to; null when it concerns all.</param>
/// <param name="Message">One sentence, without secrets.</param>
/// <param name="Error">What went wrong, if something did.</param>
public sealed record ConnectorEvent(
    DateTimeOffset Time,
    ConnectorState State,
    byte? ConnectionIndex,
    string Message,
    Exception? Error = null);
