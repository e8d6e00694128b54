using System.Globalization;
using System.Net.Sockets;
using System.Security.Authentication;
using Polly.Timeout;

namespace Tunnel.Core.Api;

/// <summary>Makes the exceptions of the client: what happened, and what to do next.</summary>
internal static class ApiFailure
{
    public static TunnelApiException Refused(ApiCall call, ApiAnswer answer)
    {
        if (!answer.IsEnvelope)
        {
            return NotAnEnvelope(call, answer);
        }

        var said = answer.Errors.Count > 0
            ? string.Join("; ", answer.Errors)
            : $"status {answer.StatusCode.ToString(CultureInfo.InvariantCulture)}";
        return new TunnelApiException($"{call}: {said}")
        {
            StatusCode = answer.StatusCode,
            Errors = answer.Errors,
            Advice = ApiAdvice.For(call, answer.StatusCode, answer.Errors, answer.RetryAfter),
            Call = call.ToString(),
            RetryAfter = answer.RetryAfter,
        };
    }

    public static TunnelApiException Unreadable(HttpMethod method, string path, int status, string why) =>
        new($"{method} {path}: the answer cannot be used: {why}.")
        {
            StatusCode = status,
            Call = $"{method} {path}",
            Advice = "Check that the address is that of Cloudflare's API v4, or of an edge of this module's version.",
        };

    public static TunnelApiException Unreached(ApiCall call, Uri address, Exception cause, TunnelApiOptions options)
    {
        var (what, advice) = cause switch
        {
            TimeoutRejectedException { Timeout: var limit } => (
                string.Create(CultureInfo.InvariantCulture, $"no answer within {limit.TotalSeconds:0.###} s"),
                "Check the network, or try again later."),
            HttpRequestException { HttpRequestError: HttpRequestError.NameResolutionError } => (
                $"the name {address.Host} was not found", "Check the address and the DNS settings of this machine."),
            HttpRequestException { HttpRequestError: HttpRequestError.SecureConnectionError } => (
                $"the certificate of {address.Authority} is not trusted: {Innermost(cause)}",
                options.CertificateAuthorities is { Count: > 0 }
                    ? "Check that the CA file is the one of this address, and that the address has the name in its certificate."
                    : "Give the CA file of the edge, or check who intercepts TLS between here and the API."),
            HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError } => (
                $"{address.Authority} cannot be reached: {Innermost(cause)}",
                "Check the address, and that the edge runs or the network lets you out."),
            _ => ($"the connection broke: {Innermost(cause)}", AfterFault(call)),
        };
        return new TunnelApiException($"{call}: {what}.", cause) { Advice = advice, Call = call.ToString() };
    }

    private static TunnelApiException NotAnEnvelope(ApiCall call, ApiAnswer answer)
    {
        var advice = answer.StatusCode is 200 or 404 or (>= 300 and < 400)
            ? "Check that the address is that of an API v4 (it ends in /client/v4), and that no proxy answers in its place."
            : ApiAdvice.For(call, answer.StatusCode, [], answer.RetryAfter);
        var status = answer.StatusCode.ToString(CultureInfo.InvariantCulture);
        return new TunnelApiException($"{call}: the answer (status {status}) is not one of the API.")
        {
            StatusCode = answer.StatusCode,
            Advice = advice,
            Call = call.ToString(),
            RetryAfter = answer.RetryAfter,
        };
    }

    private static string AfterFault(ApiCall call) => call.IsIdempotent
        ? "Try again later."
        : "It is not known whether the API did it: look, then try again.";

    private static string Innermost(Exception e)
    {
        var inner = e;
        while (inner.InnerException is { } next && inner is not (SocketException or AuthenticationException))
        {
            inner = next;
        }

        return inner.Message.TrimEnd('.');
    }
}
