using System.Security.Cryptography.X509Certificates;

namespace Tunnel.Edge.Identity;

/// <summary>How endpoints of the account's owner are asked about visitors.</summary>
internal sealed record ExternalEvaluationOptions
{
    /// <summary>The only authorities that vouch for the endpoints; null: the system's.</summary>
    public X509Certificate2Collection? Authorities { get; init; }

    /// <summary>
    /// Whether they may be on this machine. Otherwise whoever may write a policy could make the edge talk to what listens
    /// here and trusts its neighbours.
    /// </summary>
    public bool AllowLoopback { get; init; }

    /// <summary>For the question, its answer and the keys together. The visitor waits as long.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long an answer counts at most; it may itself say less.</summary>
    public TimeSpan AnswerKept { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>How long an endpoint that gave no answer is left alone about the same visitor.</summary>
    public TimeSpan FailureKept { get; init; } = TimeSpan.FromSeconds(5);

    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;
}
