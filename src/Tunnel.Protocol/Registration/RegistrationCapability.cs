using Tunnel.Protocol.Rpc;

namespace Tunnel.Protocol.Registration;

/// <summary>Takes calls of the registration interface apart, and hands them to the handler.</summary>
internal sealed class RegistrationCapability(IRegistrationHandler handler) : ICapability
{
    public ValueTask CallAsync(RpcCall call, CancellationToken cancellationToken) => (call.InterfaceId, call.MethodId) switch
    {
        (RegistrationInterface.Id, RegistrationInterface.RegisterConnection) => RegisterAsync(call, cancellationToken),
        (RegistrationInterface.Id, RegistrationInterface.UnregisterConnection) =>
            handler.UnregisterAsync(cancellationToken),
        (RegistrationInterface.Id, RegistrationInterface.UpdateLocalConfiguration) =>
            handler.UpdateLocalConfigurationAsync(
                RegistrationEncoding.ReadConfiguration(call.Parameters), cancellationToken),
        _ => throw new RpcException(
            RpcExceptionType.Unimplemented, $"There is no method {call.MethodId} of interface 0x{call.InterfaceId:x16}."),
    };

    private async ValueTask RegisterAsync(RpcCall call, CancellationToken cancellationToken)
    {
        try
        {
            var request = RegistrationEncoding.ReadRequest(call.Parameters);
            var details = await handler.RegisterAsync(request, cancellationToken).ConfigureAwait(false);
            RegistrationEncoding.WriteDetails(call.InitResults(0, 1), details);
        }
        catch (RegistrationException e)
        {
            RegistrationEncoding.WriteError(call.InitResults(0, 1), e);
        }
    }
}
