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

    /// <summary>The exact rules, as <c>-WhatIf</c> shows them.</summary>
    public override string ToString() => string.Join(Environment.NewLine, Apply);
}
