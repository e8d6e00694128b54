using Tunnel.Testing;

namespace Tunnel.EndToEnd.Tests.Faults;

/// <summary>One cmdlet before an API that breaks.</summary>
/// <param name="Method">Of the calls that break; all others are answered as they should be.</param>
/// <param name="Script">Begins with the cmdlet's name. <c>$n</c> is another word for each try.</param>
internal sealed record CmdletStep(string Method, string Script)
{
    public string Cmdlet => Script.Split(' ', 2)[0];

    /// <summary>Makes what the cmdlet works on, while nothing breaks.</summary>
    public string? Before { get; init; }

    /// <summary>Whether somebody signs in before, as <c>"$n@example.com"</c>.</summary>
    public bool NeedsPerson { get; init; }

    /// <summary>Lists what a creation has made: never more than one.</summary>
    public string? Made { get; init; }

    /// <summary>The answer's result is of no interest to the cmdlet, so that a strange one is not noticed.</summary>
    public bool IgnoresResult { get; init; }

    /// <summary>Looks whether a creation that was not answered came about all the same, and takes it then.</summary>
    public bool LooksAgain { get; init; }

    /// <summary>RFC 9110, 9.2.2.</summary>
    public bool MayBeSentTwice => Method is "GET" or "PUT" or "DELETE";

    /// <summary>The error of a cmdlet that finds out from the API that it cannot do it; null for success.</summary>
    public string? Otherwise { get; init; }

    /// <summary>Its calls are given up when Cloudflare's would be, and no test says otherwise.</summary>
    public bool HasOwnLimits { get; init; }

    /// <summary>Whether a fault that lasts is worth the time that it takes.</summary>
    public bool IsTriedWith(ApiFault fault, bool lasting) =>
        !lasting || !HasOwnLimits || fault is ApiFault.TooManyRequestsRetryAfter or ApiFault.ServerError;

    /// <summary>The one error that the cmdlet has to end with, or null for success.</summary>
    public string? ErrorAfter(ApiFault fault, bool lasting) => fault switch
    {
        ApiFault.OtherResult => IgnoresResult ? Otherwise : "ApiRefused",
        _ when MayBeSentTwice && !lasting => Otherwise,
        ApiFault.CutAfter or ApiFault.Stalled when LooksAgain => Otherwise,
        ApiFault.TooManyRequestsRetryAfter => "ApiLimited",
        ApiFault.ServerError or ApiFault.BadGateway => "ApiFailed",
        ApiFault.OtherJson => "ApiRefused",
        _ => "ApiNotReached",
    };

    /// <summary>How many objects a creation has made when it has ended so.</summary>
    public int MadeAfter(ApiFault fault, bool lasting) =>
        (MayBeSentTwice && !lasting) || fault is ApiFault.CutAfter or ApiFault.Stalled or ApiFault.OtherJson or ApiFault.OtherResult ? 1 : 0;

    public override string ToString() => $"{Cmdlet} ({Method})";
}
