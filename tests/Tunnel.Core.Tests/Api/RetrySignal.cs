using Microsoft.Extensions.Logging;

namespace Tunnel.Core.Tests.Api;

/// <summary>Tells when a call is tried again: that is all that the client logs.</summary>
internal sealed class RetrySignal : ILogger
{
    private readonly TaskCompletionSource _first = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task First => _first.Task;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) => _first.TrySetResult();
}
