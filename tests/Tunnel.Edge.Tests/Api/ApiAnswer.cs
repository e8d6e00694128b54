using System.Net;
using System.Text.Json.Nodes;

namespace Tunnel.Edge.Tests.Api;

/// <summary>An answer of the API, whose envelope was checked.</summary>
public sealed record ApiAnswer(HttpStatusCode Status, JsonObject Envelope)
{
    public JsonNode Result => Envelope["result"] ?? throw new InvalidOperationException(Envelope.ToJsonString());

    public JsonObject ResultInfo => Envelope["result_info"]!.AsObject();

    public bool Success => Envelope["success"]!.GetValue<bool>();

    public int Code => Envelope["errors"]![0]!["code"]!.GetValue<int>();

    public string Message => Envelope["errors"]![0]!["message"]!.GetValue<string>();

    public string Text(string property) => Result[property]!.GetValue<string>();

    public static async Task<ApiAnswer> ReadAsync(HttpResponseMessage response)
    {
        // Without a charset: cloudflared looks for exactly this.
        Assert.Equal("application/json", response.Content.Headers.ContentType?.ToString());
        var envelope = JsonNode.Parse(await response.Content.ReadAsStringAsync())!.AsObject();
        Assert.Equal(response.IsSuccessStatusCode, envelope["success"]!.GetValue<bool>());
        Assert.Equal(response.IsSuccessStatusCode, envelope["errors"]!.AsArray().Count == 0);
        Assert.NotNull(envelope["messages"]);
        Assert.True(envelope.ContainsKey("result"));
        return new ApiAnswer(response.StatusCode, envelope);
    }

    public void AssertError(HttpStatusCode status, int code)
    {
        Assert.Equal((status, code), (Status, Success ? 0 : Code));
        Assert.Null(Envelope["result"]);
    }
}
