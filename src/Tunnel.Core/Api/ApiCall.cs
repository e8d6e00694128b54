namespace Tunnel.Core.Api;

/// <summary>One call, through all its tries.</summary>
internal sealed class ApiCall(HttpMethod method, string target, byte[]? body)
{
    public HttpMethod Method => method;

    /// <summary>Path and query, below the base address.</summary>
    public string Target => target;

    /// <summary>The path alone: what errors show.</summary>
    public string Path { get; } = target.Split('?', 2)[0];

    public byte[]? Body => body;

    public int Tries { get; set; }

    /// <summary>RFC 9110, 9.2.2: sent twice, these have the effect of being sent once.</summary>
    public bool IsIdempotent =>
        method == HttpMethod.Get || method == HttpMethod.Put || method == HttpMethod.Delete || method == HttpMethod.Head;

    public override string ToString() => $"{Method} {Path}";
}
