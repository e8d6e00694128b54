using System.Buffers;
using Tunnel.Agent.CommandLine;

namespace Tunnel.Agent.Access;

/// <summary>What curl's own options mean for a token (curl(1)).</summary>
internal sealed class CurlArguments
{
    private const string Trusted = "--location-trusted";

    /// <summary>The short options with a value: what follows in the same word is that.</summary>
    private static readonly SearchValues<char> s_withValue = SearchValues.Create("AbcCdDeEFhHKmoPQrtTuUwxXyYz");

    /// <exception cref="UsageException">curl would show the token to whoever it is redirected to, or write it down.</exception>
    public CurlArguments(IReadOnlyList<string> words)
    {
        // A value that looks like an option may be taken for one: then the token goes along in another way, and arrives.
        Follows = words.Any(word => word == "--location" || HasShort(word, 'L'));
        if (words.Any(word => word.Length > "--location".Length && Trusted.StartsWith(word, StringComparison.Ordinal)))
        {
            throw new UsageException($"{Trusted} would show the token to every host that curl is redirected to: use --location.");
        }

        if (Follows && words.Any(word => (word.Length > "--cookie".Length && "--cookie-jar".StartsWith(word, StringComparison.Ordinal)) || HasShort(word, 'c')))
        {
            throw new UsageException("With --location the token is a cookie, which --cookie-jar would write into its file: give one of them.");
        }
    }

    /// <summary>Whether curl is to go where it is redirected to.</summary>
    public bool Follows { get; }

    private static bool HasShort(string word, char option)
    {
        if (word.Length < 2 || word[0] != '-' || word[1] == '-')
        {
            return false;
        }

        var end = word.AsSpan(1).IndexOfAny(s_withValue);
        return word.AsSpan(1, end < 0 ? word.Length - 1 : end + 1).Contains(option);
    }
}
