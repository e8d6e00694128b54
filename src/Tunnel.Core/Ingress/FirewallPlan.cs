namespace Tunnel.Core.Ingress;

/// <summary>A lock that was thought through and not made yet.</summary>
public sealed record FirewallPlan
{
    /// <summary>What is run to make it. On Linux one command, which the kernel takes wholly or not at all.</summary>
    public required IReadOnlyList<FirewallCommand> Apply { get; init; }

    /// <summary>The same lock without end and without the sessions of today: what a boot loads.</summary>
    public required string Permanent { get; init; }

    /// <summary>The session that carries the caller, when it comes by the door that closes.</summary>
    public HostSession? Caller { get; init; }

    /// <summary>Sessions from outside are ended, but for the caller's.</summary>
    public bool ClosesEstablished { get; init; }

    /// <summary>What was open when the plan was made.</summary>
    public IReadOnlyList<HostSession> Sessions { get; init; } = [];

    public IReadOnlyList<IngressOpening> Openings { get; init; } = [];

    public IReadOnlyList<ListeningSocket> Closed { get; init; } = [];

    public IReadOnlyList<string> Notes { get; init; } = [];

    /// <summary>The exact rules, what they do, and what a person should know.</summary>
    /// <param name="hostnames">What has to carry an SSH banner.</param>
    public string Describe(IReadOnlyList<string> hostnames)
    {
        ArgumentNullException.ThrowIfNull(hostnames);
        var proof = hostnames.Count > 0
            ? string.Join(", ", hostnames)
            : "no tunnel, and so it would be refused: start one in this session, or name its hostname";
        return string.Join(Environment.NewLine,
        [
            ToString(),
            $"Proves before and after: {proof}",
            $"Closes: {(Closed.Count > 0 ? string.Join(", ", Closed) : "no socket that listens now")}",
            $"Leaves open: {string.Join("; ", Openings)}",
            .. Notes.Select(note => $"Note: {note}"),
        ]);
    }

    /// <summary>The exact rules, as <c>-WhatIf</c> shows them.</summary>
    public override string ToString() => string.Join(Environment.NewLine, Apply);
}
