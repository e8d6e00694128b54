namespace Tunnel.Benchmarks.Lab;

/// <summary>A way to the origin and to sshd.</summary>
internal abstract class Subject(SubjectKind kind) : IAsyncDisposable
{
    public SubjectKind Kind => kind;

    /// <summary>Opens a stream to the origin, as a visitor who comes for the first time.</summary>
    public abstract Task<Stream> OpenAsync(CancellationToken cancellationToken);

    /// <summary>Opens a stream to the origin, as a visitor whose connection to the edge, if there is one, is up already.</summary>
    public abstract Task<Stream> OpenAnotherAsync(CancellationToken cancellationToken);

    /// <summary>How ssh is told this way, besides the server's own options.</summary>
    public abstract IReadOnlyList<string> SshOptions { get; }

    /// <summary>What the programs on this way need to know and may not have as arguments.</summary>
    public virtual IReadOnlyDictionary<string, string> Environment { get; } = new Dictionary<string, string>();

    public virtual ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
