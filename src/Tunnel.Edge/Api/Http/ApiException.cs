using System.Text.Json.Nodes;

namespace Tunnel.Edge.Api.Http;

/// <summary>An answer that is not a success: its status, and what stands in <c>errors</c>.</summary>
internal sealed class ApiException : Exception
{
    public ApiException(int statusCode, int code, string message)
        : this(statusCode, [new ApiError(code, message)])
    {
    }

    public ApiException(int statusCode, IReadOnlyList<ApiError> errors)
        : base(errors[0].Message)
    {
        StatusCode = statusCode;
        Errors = errors;
    }

    public int StatusCode { get; }

    public IReadOnlyList<ApiError> Errors { get; }

    public JsonArray ToJson() => new([.. Errors.Select(e => e.ToJson())]);
}
