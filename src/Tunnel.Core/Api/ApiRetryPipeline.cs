using Microsoft.Extensions.Logging;
using Polly;
using Polly.Retry;
using Polly.Timeout;

namespace Tunnel.Core.Api;

/// <summary>The one resilience pipeline of the client: a limit for the call, retries, a limit for each try.</summary>
/// <remarks>
/// A call that is not idempotent is sent at most once. It is tried again only where no connection came about, so that
/// nothing was sent. That goes for 429 as well: no document promises that who counts the calls stands before all that
/// changes anything, and a second object does more harm than an error that says when to try again.
/// </remarks>
internal static class ApiRetryPipeline
{
    /// <summary>Set on the context of calls that may be sent twice.</summary>
    public static readonly ResiliencePropertyKey<bool> Idempotent = new("tunnel.idempotent");

    /// <summary>When the call has to be over, by the options' clock.</summary>
    public static readonly ResiliencePropertyKey<DateTimeOffset> Deadline = new("tunnel.deadline");

    public static ResiliencePipeline<ApiAnswer> Create(TunnelApiOptions options)
    {
        var builder = new ResiliencePipelineBuilder<ApiAnswer> { TimeProvider = options.TimeProvider }
            .AddTimeout(options.Limits.CallTimeout);
        if (options.Limits.MaxRetries > 0)
        {
            builder.AddRetry(Retry(options));
        }

        return builder.AddTimeout(options.Limits.TryTimeout).Build();
    }

    private static RetryStrategyOptions<ApiAnswer> Retry(TunnelApiOptions options) => new()
    {
        MaxRetryAttempts = options.Limits.MaxRetries,
        BackoffType = DelayBackoffType.Exponential,
        UseJitter = true,
        Delay = options.Limits.RetryDelay,
        MaxDelay = options.Limits.MaxRetryDelay,
        ShouldHandle = arguments => ValueTask.FromResult(MayRetry(arguments, options.TimeProvider)),
        // Null falls back to the exponential delay above.
        DelayGenerator = static arguments => ValueTask.FromResult(arguments.Outcome.Result?.RetryAfter),
        OnRetry = arguments =>
        {
            options.Logger.LogDebug(
                "API call failed ({Reason}); trying again in {Delay}.",
                arguments.Outcome.Exception?.GetType().Name ?? $"status {arguments.Outcome.Result?.StatusCode}",
                arguments.RetryDelay);
            return ValueTask.CompletedTask;
        },
    };

    private static bool MayRetry(RetryPredicateArguments<ApiAnswer> arguments, TimeProvider time)
    {
        var properties = arguments.Context.Properties;
        if (arguments.Context.CancellationToken.IsCancellationRequested)
        {
            return false;
        }

        if (!properties.GetValue(Idempotent, false))
        {
            return arguments.Outcome.Exception is HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError };
        }

        if (arguments.Outcome.Result is { } answer)
        {
            // A wait that goes past the call's end only delays the error.
            return answer.IsTransient
                && (answer.RetryAfter is not { } wait
                    || time.GetUtcNow() + wait < properties.GetValue(Deadline, DateTimeOffset.MaxValue));
        }

        return arguments.Outcome.Exception switch
        {
            TimeoutRejectedException => true,
            HttpRequestException { HttpRequestError: HttpRequestError.SecureConnectionError } => false,
            HttpRequestException or IOException => true,
            _ => false,
        };
    }
}
