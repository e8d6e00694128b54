using System.Collections.Concurrent;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using Tunnel.Access;

namespace Tunnel.Edge.Identity;

/// <summary>
/// Asks endpoints of the account's owner about visitors, as Cloudflare's external evaluation does: a POST with a token
/// that the edge signs, with the visitor's identity and a nonce; the answer is a token with that nonce and
/// <c>success</c>, signed by a key of the rule's <c>keys_url</c>. Whatever else comes is no answer.
/// </summary>
internal sealed class ExternalEvaluations(
    SigningKeys keys, ExternalEvaluationOptions options, ILogger<ExternalEvaluations> log) : IDisposable
{
    private const int MaxRemembered = 4096;

    private static readonly TimeSpan s_questionLifetime = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan s_keysKept = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan s_keysRefetch = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan s_clockSkew = TimeSpan.FromMinutes(1);

    // No algorithm with a shared secret: a public key would do as one.
    private static readonly string[] s_algorithms =
    [
        SecurityAlgorithms.RsaSha256, SecurityAlgorithms.RsaSha384, SecurityAlgorithms.RsaSha512,
        SecurityAlgorithms.RsaSsaPssSha256, SecurityAlgorithms.EcdsaSha256, SecurityAlgorithms.EcdsaSha384,
    ];

    private readonly ExternalEvaluationHttp _http = new(options);
    private readonly ConcurrentDictionary<(ExternalEvaluationRule Rule, ExternalSubject Subject), Answer> _answers = new();
    private readonly ConcurrentDictionary<string, (JsonWebKeySet Keys, DateTimeOffset FetchedAt)> _keys = new(StringComparer.Ordinal);

    /// <summary>The answers of those endpoints that gave one that holds.</summary>
    public async Task<IReadOnlyDictionary<ExternalEvaluationRule, bool>> AskAsync(
        IReadOnlyCollection<ExternalEvaluationRule> rules, ExternalSubject subject, Func<JsonObject> identity, string issuer,
        CancellationToken cancellationToken)
    {
        var asked = await Task.WhenAll(rules.Select(async rule =>
            (rule, answer: await AskAsync(rule, subject, identity, issuer, cancellationToken).ConfigureAwait(false)))).ConfigureAwait(false);
        return asked.Where(a => a.answer is not null).ToDictionary(a => a.rule, a => a.answer!.Value);
    }

    public void Dispose() => _http.Dispose();

    private async Task<bool?> AskAsync(
        ExternalEvaluationRule rule, ExternalSubject subject, Func<JsonObject> identity, string issuer, CancellationToken cancellationToken)
    {
        var now = options.TimeProvider.GetUtcNow();
        if (_answers.TryGetValue((rule, subject), out var known) && now < known.Until)
        {
            return known.IsSuccess;
        }

        var answer = await TryAskAsync(rule, identity, issuer, cancellationToken).ConfigureAwait(false);
        if (_answers.Count >= MaxRemembered)
        {
            _answers.Clear();
        }

        _answers[(rule, subject)] = answer;
        return answer.IsSuccess;
    }

    private async Task<Answer> TryAskAsync(
        ExternalEvaluationRule rule, Func<JsonObject> identity, string issuer, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(options.Timeout);
        string reason;
        try
        {
            return await AskOnceAsync(rule, identity, issuer, limit.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            reason = "it took too long";
        }
        catch (ExternalEvaluationException error)
        {
            reason = error.Message;
        }

        log.LogWarning("The endpoint {Endpoint} was asked about a visitor, and its answer does not count: {Reason}", rule.EvaluateUrl, reason);
        return new Answer(null, options.TimeProvider.GetUtcNow() + options.FailureKept);
    }

    private async Task<Answer> AskOnceAsync(
        ExternalEvaluationRule rule, Func<JsonObject> identity, string issuer, CancellationToken cancellationToken)
    {
        var nonce = RandomNumberGenerator.GetHexString(32, lowercase: true);
        using var question = new ByteArrayContent(Encoding.UTF8.GetBytes(
            new JsonObject { ["token"] = Sign(identity(), nonce, issuer) }.ToJsonString()));
        question.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        using var response = await _http.FetchAsync(rule.EvaluateUrl, question, cancellationToken).ConfigureAwait(false);
        if (response.RootElement.ValueKind != JsonValueKind.Object || !response.RootElement.TryGetProperty("token", out var text)
            || text.ValueKind != JsonValueKind.String)
        {
            throw new ExternalEvaluationException("it holds no token");
        }

        var token = await CheckAsync(rule, text.GetString()!, cancellationToken).ConfigureAwait(false);
        if (!token.TryGetPayloadValue<string>("nonce", out var echoed)
            || !CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(echoed ?? ""), Encoding.UTF8.GetBytes(nonce)))
        {
            throw new ExternalEvaluationException("its nonce is not that of the question");
        }

        using var payload = JsonDocument.Parse(Base64UrlEncoder.DecodeBytes(token.EncodedPayload));
        var isSuccess = payload.RootElement.TryGetProperty("success", out var success) ? success.ValueKind : JsonValueKind.Undefined;
        if (isSuccess is not (JsonValueKind.True or JsonValueKind.False))
        {
            throw new ExternalEvaluationException("it does not say success: true or false");
        }

        var until = options.TimeProvider.GetUtcNow() + options.AnswerKept;
        var expires = new DateTimeOffset(token.ValidTo, TimeSpan.Zero);
        return new Answer(isSuccess == JsonValueKind.True, expires < until ? expires : until);
    }

    private string Sign(JsonObject identity, string nonce, string issuer)
    {
        var now = options.TimeProvider.GetUtcNow();
        return new JsonWebTokenHandler { SetDefaultTimesOnTokenCreation = false }.CreateToken(
            new JsonObject
            {
                ["iss"] = issuer,
                ["type"] = "external_evaluation",
                ["iat"] = now.ToUnixTimeSeconds(),
                ["nbf"] = now.ToUnixTimeSeconds(),
                ["exp"] = (now + s_questionLifetime).ToUnixTimeSeconds(),
                ["nonce"] = nonce,
                ["identity"] = identity,
            }.ToJsonString(),
            keys.Signing.Credentials);
    }

    private async Task<JsonWebToken> CheckAsync(ExternalEvaluationRule rule, string text, CancellationToken cancellationToken)
    {
        var handler = new JsonWebTokenHandler { MaximumTokenSizeInBytes = 32 * 1024 };
        var accepted = await KeysAsync(rule.KeysUrl, s_keysKept, cancellationToken).ConfigureAwait(false);
        var result = await handler.ValidateTokenAsync(text, Rules(accepted)).ConfigureAwait(false);
        if (!result.IsValid && result.Exception is SecurityTokenSignatureKeyNotFoundException)
        {
            // The endpoint has a new key since.
            accepted = await KeysAsync(rule.KeysUrl, s_keysRefetch, cancellationToken).ConfigureAwait(false);
            result = await handler.ValidateTokenAsync(text, Rules(accepted)).ConfigureAwait(false);
        }

        return result is { IsValid: true, SecurityToken: JsonWebToken token } ? token
            : throw new ExternalEvaluationException($"its token is not valid ({result.Exception?.GetType().Name})");
    }

    private TokenValidationParameters Rules(JsonWebKeySet accepted) => new()
    {
        IssuerSigningKeys = accepted.GetSigningKeys(),
        ValidAlgorithms = s_algorithms,
        RequireSignedTokens = true,
        RequireExpirationTime = true,
        TryAllIssuerSigningKeys = false,
        // An answer names neither: the nonce ties it to the question, and the keys to the rule.
        ValidateIssuer = false,
        ValidateAudience = false,
        LifetimeValidator = (notBefore, expires, _, _) =>
            expires > options.TimeProvider.GetUtcNow().UtcDateTime - s_clockSkew
            && !(notBefore > options.TimeProvider.GetUtcNow().UtcDateTime + s_clockSkew),
    };

    private async Task<JsonWebKeySet> KeysAsync(string address, TimeSpan notOlder, CancellationToken cancellationToken)
    {
        var now = options.TimeProvider.GetUtcNow();
        if (_keys.TryGetValue(address, out var known) && now - known.FetchedAt < notOlder)
        {
            return known.Keys;
        }

        using var answer = await _http.FetchAsync(address, null, cancellationToken).ConfigureAwait(false);
        try
        {
            var found = new JsonWebKeySet(answer.RootElement.GetRawText());
            if (_keys.Count >= MaxRemembered)
            {
                _keys.Clear();
            }

            _keys[address] = (found, now);
            return found;
        }
        catch (ArgumentException)
        {
            throw new ExternalEvaluationException("the keys of its keys_url cannot be read");
        }
    }

    /// <param name="IsSuccess">Null: there was none that holds.</param>
    private sealed record Answer(bool? IsSuccess, DateTimeOffset Until);
}
