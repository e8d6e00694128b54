using Microsoft.Extensions.Logging;
using Tunnel.Agent.CommandLine;

namespace Tunnel.Agent.Service;

/// <summary>Writes what happens to standard error, a line each: time (UTC), level, message.</summary>
internal sealed class StandardErrorLoggerFactory(LogLevel minimum) : ILoggerFactory
{
    private readonly Lock _gate = new();

    /// <summary>Reads a level as cloudflared names it.</summary>
    /// <exception cref="UsageException">No level.</exception>
    public static LogLevel Parse(string? level) => level switch
    {
        "debug" => LogLevel.Debug,
        null or "info" => LogLevel.Information,
        "warn" => LogLevel.Warning,
        "error" => LogLevel.Error,
        "fatal" => LogLevel.Critical,
        _ => throw new UsageException($"'{level}' is not a log level: debug, info, warn, error or fatal."),
    };

    /// <remarks>What the web server says of each request is for those who look for an error in this program.</remarks>
    public ILogger CreateLogger(string categoryName) => new Logger(
        this, categoryName.StartsWith("Microsoft.", StringComparison.Ordinal) && minimum == LogLevel.Information ? LogLevel.Warning : minimum);

    public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException();

    public void Dispose()
    {
    }

    private void Write(LogLevel level, string message, Exception? error)
    {
        // A line is a line: whatever a peer's text holds cannot start another.
        var detail = error is null ? "" : minimum <= LogLevel.Debug ? "\n" + error : $" ({error.Message.ReplaceLineEndings(" ")})";
        lock (_gate)
        {
            Console.Error.WriteLine($"{DateTime.UtcNow:yyyy-MM-ddTHH:mm:ssZ} {Name(level)} {message.ReplaceLineEndings(" ")}{detail}");
        }
    }

    private static string Name(LogLevel level) => level switch
    {
        LogLevel.Trace or LogLevel.Debug => "DBG",
        LogLevel.Information => "INF",
        LogLevel.Warning => "WRN",
        LogLevel.Error => "ERR",
        _ => "FTL",
    };

    private sealed class Logger(StandardErrorLoggerFactory factory, LogLevel minimum) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= minimum && logLevel != LogLevel.None;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (IsEnabled(logLevel))
            {
                factory.Write(logLevel, formatter(state, exception), exception);
            }
        }
    }
}
