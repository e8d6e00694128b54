using Tunnel.Testing;

namespace Tunnel.Benchmarks.Lab;

/// <summary>An edge, an origin, sshd and the connectors, each a process of its own, all on loopback.</summary>
internal sealed class BenchmarkLab : IAsyncDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private readonly List<Subject> _subjects = [];

    private BenchmarkLab()
    {
    }

    public EdgeProcess Edge { get; private set; } = null!;

    public OriginProcess Origin { get; private set; } = null!;

    public SshServer Ssh { get; private set; } = null!;

    public IReadOnlyList<Subject> Subjects => _subjects;

    public static async Task<BenchmarkLab> StartAsync(BenchmarkOptions options, CancellationToken cancellationToken)
    {
        var lab = new BenchmarkLab();
        try
        {
            await lab.RunAsync(options, cancellationToken);
            return lab;
        }
        catch
        {
            await lab.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var subject in _subjects)
        {
            await subject.DisposeAsync();
        }

        foreach (IAsyncDisposable? part in new IAsyncDisposable?[] { Edge, Origin, Ssh })
        {
            if (part is not null)
            {
                await part.DisposeAsync();
            }
        }

        _directory.Dispose();
    }

    private async Task RunAsync(BenchmarkOptions options, CancellationToken cancellationToken)
    {
        Ssh = await SshServer.StartAsync();
        Origin = await OriginProcess.StartAsync(cancellationToken);
        Edge = await EdgeProcess.StartAsync(options.Agent, _directory.File("edge"), cancellationToken);
        _subjects.Add(new DirectSubject(Origin.Port, Ssh.Port));
        await AddAsync(SubjectKind.Agent, "agent", options.Agent, cancellationToken);
        if (options.Cloudflared is { } cloudflared)
        {
            await AddAsync(SubjectKind.Cloudflared, "cloudflared", cloudflared, cancellationToken);
        }
    }

    private async Task AddAsync(SubjectKind kind, string name, string program, CancellationToken cancellationToken)
    {
        var publication = await Publication.CreateAsync(
            Edge, name, _directory.File(name), Origin.Port, Ssh.Port, cancellationToken);
        var subject = new TunnelSubject(kind, program, Edge, publication);
        _subjects.Add(subject);
        await subject.Connector.StartAsync(cancellationToken);
    }
}
