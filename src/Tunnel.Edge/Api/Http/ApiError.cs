using System.Text.Json.Nodes;

namespace Tunnel.Edge.Api.Http;

/// <summary>One entry of <c>errors</c>.</summary>
internal sealed record ApiError(int Code, string Message, ApiError? Cause = null)
{
    public JsonObject ToJson()
    {
        var json = new JsonObject { ["code"] = Code, ["message"] = Message };
        if (Cause is not null)
        {
            json["error_chain"] = new JsonArray(Cause.ToJson());
        }

        return json;
    }
}
