using System.Collections.Concurrent;
using System.Text;
using Tunnel.Protocol.Registration;

namespace Tunnel.Protocol.Tests.Registration;

/// <summary>Accepts everything, and keeps what it was asked.</summary>
internal sealed class RecordingHandler : IRegistrationHandler
{
    public ConcurrentQueue<RegistrationRequest> Requests { get; } = [];

    public ConcurrentQueue<string> Calls { get; } = [];

    public Func<RegistrationRequest, CancellationToken, ValueTask<ConnectionDetails>> OnRegister { get; init; } =
        (_, _) => ValueTask.FromResult(new ConnectionDetails(Guid.Empty, "LOC", false));

    public ValueTask<ConnectionDetails> RegisterAsync(RegistrationRequest request, CancellationToken cancellationToken)
    {
        Calls.Enqueue("register");
        Requests.Enqueue(request);
        return OnRegister(request, cancellationToken);
    }

    public ValueTask UnregisterAsync(CancellationToken cancellationToken)
    {
        Calls.Enqueue("unregister");
        return ValueTask.CompletedTask;
    }

    public ValueTask UpdateLocalConfigurationAsync(ReadOnlyMemory<byte> json, CancellationToken cancellationToken)
    {
        Calls.Enqueue("configuration " + Encoding.UTF8.GetString(json.Span));
        return ValueTask.CompletedTask;
    }
}
