using System.Net;

namespace Tunnel.Core.Api;

/// <summary>
/// A call of the API failed: the API said no, its answer could not be understood, or it was not reached.
/// Never holds the API token.
/// </summary>
public sealed class TunnelApiException : Exception
{
    public TunnelApiException()
        : this("The API call failed.")
    {
    }

    public TunnelApiException(string message)
        : base(message)
    {
    }

    public TunnelApiException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }

    /// <summary>The HTTP status, or 0 when no answer came.</summary>
    public int StatusCode { get; init; }

    /// <summary>What the API said, in its order; empty when it said nothing that could be read.</summary>
    public IReadOnlyList<ApiError> Errors { get; init; } = [];

    /// <summary>What to do next, in one or two sentences.</summary>
    public string Advice { get; init; } = "";

    /// <summary>The call, such as <c>GET accounts/x/cfd_tunnel</c>; without query and base address.</summary>
    public string Call { get; init; } = "";

    /// <summary>How long the API asked to wait before the next call, if it said so.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>What was asked for does not exist (any more).</summary>
    public bool IsNotFound => StatusCode == (int)HttpStatusCode.NotFound;

    /// <summary>Something with this name or hostname exists.</summary>
    public bool IsConflict => StatusCode == (int)HttpStatusCode.Conflict
        || Errors.Any(static e => e.Code is ApiErrorCodes.ZoneExists or ApiErrorCodes.TunnelNameExists
            or ApiErrorCodes.RecordWithHostExists or ApiErrorCodes.RecordExists or ApiErrorCodes.IdenticalRecordExists);

    /// <summary>The token is missing, wrong, expired, or may not do this.</summary>
    public bool IsAccessDenied => StatusCode is 401 or 403
        || Errors.Any(static e => e.Code is ApiErrorCodes.Authentication or ApiErrorCodes.Unauthorized);

    /// <summary>True if the API gave this code.</summary>
    public bool HasCode(int code) => Errors.Any(e => e.Code == code);
}
