using System.Net;
using System.Net.Http.Headers;
using System.Runtime.CompilerServices;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Polly;
using Polly.Timeout;
using Tunnel.Protocol.Trust;

namespace Tunnel.Core.Api;

/// <summary>Sends one call: address, token, limits, retries, envelope. The resource areas stand on it.</summary>
internal sealed class ApiTransport : IDisposable
{
    private const int MaxPages = 100_000;

    private readonly TunnelApiOptions _options;
    private readonly HttpClient _http;
    private readonly ResiliencePipeline<ApiAnswer> _pipeline;
    private readonly ApiSecret _token;

    public ApiTransport(TunnelApiOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        BaseAddress = ApiAddress.Normalize(options.BaseAddress);
        _token = new ApiSecret(ApiAddress.CheckToken(options.ApiToken));
        _options = options.WithoutToken();
        _pipeline = ApiRetryPipeline.Create(_options);
        _http = CreateHttp(options.CertificateAuthorities);
    }

    public Uri BaseAddress { get; }

    public async Task<T> SendAsync<T>(
        HttpMethod method, string path, JsonTypeInfo<T> type, CancellationToken cancellationToken, byte[]? body = null)
    {
        var answer = await CallAsync(method, path, body, cancellationToken).ConfigureAwait(false);
        return Read(answer.Result, type, method, path);
    }

    /// <summary>A call whose result is of no interest. Deleting what is gone after a retry is success.</summary>
    public Task SendAsync(HttpMethod method, string path, CancellationToken cancellationToken, byte[]? body = null) =>
        CallAsync(method, path, body, cancellationToken);

    /// <summary>
    /// Yields the entries of all pages; a page is asked for only when the entries before it were taken. Entries that moved
    /// from one page to the next between two calls are yielded once.
    /// </summary>
    public async IAsyncEnumerable<T> ListAsync<T>(
        string path, ApiQuery query, JsonTypeInfo<T> type, [EnumeratorCancellation] CancellationToken cancellationToken)
        where T : IApiResource
    {
        var filter = query.ToString();
        var before = new HashSet<string>(StringComparer.Ordinal);
        for (var page = 1; page <= MaxPages; page++)
        {
            var target = $"{path}?{filter}{(filter.Length == 0 ? "" : "&")}page={page}&per_page={_options.PageSize}";
            var answer = await CallAsync(HttpMethod.Get, target, null, cancellationToken).ConfigureAwait(false);
            if (answer.Page?.Page is { } told && told != page)
            {
                throw ApiFailure.Unreadable(HttpMethod.Get, path, answer.StatusCode, $"page {page} was asked for and page {told} came");
            }

            var entries = ReadEntries(answer.Result, path);
            var values = entries.ConvertAll(entry => Read(entry, type, HttpMethod.Get, path));
            if (IsRepeated(values, before))
            {
                // What that page holds is not known: a list that ends here would look whole.
                throw ApiFailure.Unreadable(HttpMethod.Get, path, answer.StatusCode, $"page {page} repeats the one before");
            }

            var current = new HashSet<string>(StringComparer.Ordinal);
            foreach (var value in values)
            {
                if ((current.Add(value.Id) && !before.Contains(value.Id)) || value.Id.Length == 0)
                {
                    yield return value;
                }
            }

            if (entries.Count == 0 || answer.Page?.HasNext(page, entries.Count) != true)
            {
                yield break;
            }

            before = current;
        }
    }

    private static bool IsRepeated<T>(List<T> values, HashSet<string> before)
        where T : IApiResource =>
        before.Count > 0 && before.SetEquals(values.Select(static value => value.Id));

    public static byte[] Body<T>(T value, JsonTypeInfo<T> type) => JsonSerializer.SerializeToUtf8Bytes(value, type);

    /// <summary>A resource as a body, without the fields that the API sets.</summary>
    public static byte[] Body<T>(T value, JsonTypeInfo<T> type, params ReadOnlySpan<string> readOnlyFields)
    {
        var node = JsonSerializer.SerializeToNode(value, type)!.AsObject();
        foreach (var field in readOnlyFields)
        {
            node.Remove(field);
        }

        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            node.WriteTo(writer);
        }

        return buffer.ToArray();
    }

    /// <summary>Forgets the token. Calls that are under way end; later ones throw <see cref="AccountDisconnectedException"/>.</summary>
    public void Dispose()
    {
        _token.Dispose();
        _http.Dispose();
    }

    private async Task<ApiAnswer> CallAsync(HttpMethod method, string path, byte[]? body, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var call = new ApiCall(method, path, body);
        var context = ResilienceContextPool.Shared.Get(cancellationToken);
        context.Properties.Set(ApiRetryPipeline.Idempotent, call.IsIdempotent);
        context.Properties.Set(ApiRetryPipeline.Deadline, _options.TimeProvider.GetUtcNow() + _options.Limits.CallTimeout);
        try
        {
            var answer = await _pipeline.ExecuteAsync(
                static async (context, state) => await state.Self.TryAsync(state.Call, context.CancellationToken).ConfigureAwait(false),
                context,
                (Self: this, Call: call)).ConfigureAwait(false);
            var goneAlready = method == HttpMethod.Delete && answer.StatusCode == 404 && call.Tries > 1;
            return answer is { IsEnvelope: true, Success: true } || goneAlready ? answer : throw ApiFailure.Refused(call, answer.Redacted(_token));
        }
        catch (Exception e) when (e is HttpRequestException or IOException or TimeoutRejectedException)
        {
            cancellationToken.ThrowIfCancellationRequested();
            throw ApiFailure.Unreached(call, BaseAddress, e, _options);
        }
        catch (Exception e) when (e is ObjectDisposedException or OperationCanceledException && _token.IsForgotten)
        {
            cancellationToken.ThrowIfCancellationRequested();
            throw new AccountDisconnectedException();
        }
        finally
        {
            ResilienceContextPool.Shared.Return(context);
        }
    }

    private async ValueTask<ApiAnswer> TryAsync(ApiCall call, CancellationToken cancellationToken)
    {
        call.Tries++;
        using var request = new HttpRequestMessage(call.Method, new Uri(BaseAddress, call.Target))
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionOrLower,
        };
        request.Headers.Authorization = _token.ToHeader();
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
        if (call.Body is not null)
        {
            request.Content = new ByteArrayContent(call.Body);
            request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        }

        using var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken)
            .ConfigureAwait(false);
        var body = await ReadBodyAsync(response, call, cancellationToken).ConfigureAwait(false);
        return ApiAnswer.Parse((int)response.StatusCode, RetryAfter(response), body);
    }

    private async Task<ReadOnlyMemory<byte>> ReadBodyAsync(HttpResponseMessage response, ApiCall call, CancellationToken cancellationToken)
    {
        var stream = await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
        await using var _ = stream.ConfigureAwait(false);
        using var buffer = new MemoryStream();
        var chunk = new byte[16 * 1024];
        int read;
        while ((read = await stream.ReadAsync(chunk, cancellationToken).ConfigureAwait(false)) > 0)
        {
            if (buffer.Length + read > _options.MaxResponseBytes)
            {
                throw ApiFailure.Unreadable(call.Method, call.Path, (int)response.StatusCode, $"it is larger than {_options.MaxResponseBytes} bytes");
            }

            buffer.Write(chunk, 0, read);
        }

        return buffer.GetBuffer().AsMemory(0, (int)buffer.Length);
    }

    private TimeSpan? RetryAfter(HttpResponseMessage response)
    {
        var wait = response.Headers.RetryAfter?.Delta ?? (response.Headers.RetryAfter?.Date - _options.TimeProvider.GetUtcNow());
        return wait is { } value && value < TimeSpan.Zero ? TimeSpan.Zero : wait;
    }

    private static T Read<T>(JsonElement element, JsonTypeInfo<T> type, HttpMethod method, string path)
    {
        try
        {
            return element.ValueKind is not (JsonValueKind.Undefined or JsonValueKind.Null)
                && JsonSerializer.Deserialize(element, type) is { } value
                    ? value
                    : throw ApiFailure.Unreadable(method, path, 200, "the result is missing");
        }
        catch (JsonException e)
        {
            throw ApiFailure.Unreadable(method, path, 200, $"the result is not a {typeof(T).Name} ({e.Path})");
        }
    }

    private static List<JsonElement> ReadEntries(JsonElement result, string path) => result.ValueKind switch
    {
        JsonValueKind.Array => [.. result.EnumerateArray()],
        JsonValueKind.Null => [],
        _ => throw ApiFailure.Unreadable(HttpMethod.Get, path, 200, "the result is not a list"),
    };

    private static HttpClient CreateHttp(X509Certificate2Collection? authorities)
    {
#pragma warning disable CA2000 // HttpClient owns and disposes the handler.
        var handler = new SocketsHttpHandler
        {
            // A redirect would carry the token to another place; the API has none.
            AllowAutoRedirect = false,
            UseCookies = false,
            AutomaticDecompression = DecompressionMethods.All,
            ConnectTimeout = TimeSpan.FromSeconds(15),
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
        };
#pragma warning restore CA2000
        if (authorities is { Count: > 0 })
        {
            handler.SslOptions.CertificateChainPolicy = PrivateAuthorities.TrustOnly(authorities);
        }

        // The pipeline keeps the time.
        return new HttpClient(handler, disposeHandler: true) { Timeout = Timeout.InfiniteTimeSpan };
    }
}
