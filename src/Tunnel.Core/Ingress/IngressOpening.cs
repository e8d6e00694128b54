namespace Tunnel.Core.Ingress;

/// <summary>Something that the lock leaves open.</summary>
/// <param name="What">Such as <c>443/tcp</c>.</param>
/// <param name="Why">Such as <c>asked for</c>.</param>
public sealed record IngressOpening(string What, string Why)
{
    private const string Separator = " -- ";

    /// <summary>The opening as one text, as a rule's comment keeps it.</summary>
    internal string ToComment() => What + Separator + Why;

    internal static IngressOpening FromComment(string comment) =>
        comment.Split(Separator, 2) is [var what, var why] ? new(what, why) : new(comment, "");

    public override string ToString() => $"{What} ({Why})";
}
