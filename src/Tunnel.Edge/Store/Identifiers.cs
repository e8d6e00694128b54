using System.Buffers;
using System.Security.Cryptography;

namespace Tunnel.Edge.Store;

/// <summary>The kinds of random identifiers and secrets that Cloudflare's API uses.</summary>
internal static class Identifiers
{
    private const string TokenAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-";

    private static readonly SearchValues<char> LowerHex = SearchValues.Create("0123456789abcdef");

    /// <summary>Accounts, zones, DNS records, API tokens: 32 hex characters.</summary>
    public static string NewHex32() => RandomNumberGenerator.GetHexString(32, lowercase: true);

    /// <summary>Certificate authorities of applications: 48 hex characters.</summary>
    public static string NewHex48() => RandomNumberGenerator.GetHexString(48, lowercase: true);

    /// <summary>Audience tags and service token secrets: 64 hex characters.</summary>
    public static string NewHex64() => RandomNumberGenerator.GetHexString(64, lowercase: true);

    /// <summary>The value of an API token: 40 characters, 240 random bits.</summary>
    public static string NewApiToken() => RandomNumberGenerator.GetString(TokenAlphabet, 40);

    public static bool IsHex32(ReadOnlySpan<char> text) =>
        text.Length == 32 && !text.ContainsAnyExcept(LowerHex);

    public static bool IsHex64(ReadOnlySpan<char> text) =>
        text.Length == 64 && !text.ContainsAnyExcept(LowerHex);
}
