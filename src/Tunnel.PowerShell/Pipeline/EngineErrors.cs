using System.Management.Automation;
using System.Net.Sockets;
using Tunnel.Access;
using Tunnel.Core.Accounts;
using Tunnel.Core.Api;
using Tunnel.Core.Applications;
using Tunnel.Core.Client.SignIn;
using Tunnel.Core.Connector;
using Tunnel.Core.Identity;
using Tunnel.Core.Ingress;
using Tunnel.Core.Login;
using Tunnel.Core.Ssh;
using Tunnel.Core.Ssh.Certificates;
using Tunnel.Core.Ssh.Server;
using Tunnel.Core.Tunnels;
using Tunnel.Edge.Store;
using Tunnel.Protocol.Configuration;

namespace Tunnel.PowerShell.Pipeline;

/// <summary>
/// One place that says how the engine's exceptions look in PowerShell. The ids are part of the public surface: scripts
/// compare them.
/// </summary>
internal static class EngineErrors
{
    private const string Retry = "Check the address and the network, then try again.";

    /// <summary>The record of an exception, or null for those that are PowerShell's own way of ending a pipeline.</summary>
    public static ErrorRecord? ToRecord(Exception exception, object? target)
    {
        if (exception is RuntimeException or FlowControlException)
        {
            return null;
        }

        (string id, ErrorCategory category, string? advice) = Describe(exception);
        // Where there is no advice apart, the engine's message itself says what to do.
        return new ErrorRecord(exception, id, category, target)
        {
            ErrorDetails = new ErrorDetails(exception.Message) { RecommendedAction = advice },
        };
    }

    private static (string Id, ErrorCategory Category, string? Advice) Describe(Exception exception) => exception switch
    {
        TunnelApiException e => DescribeApi(e),
        AccountNotConnectedException => ("AccountNotConnected", ErrorCategory.ConnectionError, null),
        AccountDisconnectedException => ("AccountDisconnected", ErrorCategory.ConnectionError, "Run Connect-TunnelAccount again."),
        LoginException e => ($"Login{e.Error}", CategoryOf(e.Error), null),
        AccountException => ("AccountNotUsable", ErrorCategory.InvalidArgument, null),
        ResourceConflictException => ("ResourceConflict", ErrorCategory.ResourceExists, null),
        ResourceNotFoundException => ("ResourceNotFound", ErrorCategory.ObjectNotFound, null),
        AccessRuleFormatException => ("AccessRuleNotReadable", ErrorCategory.InvalidArgument, null),
        SshTunnelException e => ($"SshTunnel{e.Error}", CategoryOf(e.Error), null),
        NetworkIngressException e => ($"NetworkIngress{e.Error}", CategoryOf(e.Error), null),
        ConnectorException => ("ConnectorRefused", ErrorCategory.ConnectionError, null),
        ConfigurationException => ("ConfigurationNotUsable", ErrorCategory.InvalidData, null),
        SshConfigException => ("SshConfigNotUsable", ErrorCategory.InvalidData, null),
        AccessSignInException => ("AccessSignInFailed", ErrorCategory.AuthenticationError, null),
        SshCertificateException => ("SshCertificateRefused", ErrorCategory.AuthenticationError, null),
        OpenIdDiscoveryException => ("OpenIdDiscoveryFailed", ErrorCategory.InvalidData, null),
        SshdException => ("SshServerNotSetUp", ErrorCategory.InvalidData, null),
        EdgeStoreException => ("EdgeStateNotUsable", ErrorCategory.ResourceUnavailable, null),
        TimeoutException => ("TimedOut", ErrorCategory.OperationTimeout, "Wait longer with -Timeout."),
        SocketException { SocketErrorCode: SocketError.HostNotFound or SocketError.NoData or SocketError.TryAgain } =>
            ("NameNotFound", ErrorCategory.ObjectNotFound, "Check the name, and the DNS settings of this machine."),
        SocketException or HttpRequestException => ("NetworkNotReached", ErrorCategory.ConnectionError, Retry),
        UnauthorizedAccessException => ("AccessToFileDenied", ErrorCategory.PermissionDenied, null),
        IOException => ("FileOrPortNotUsable", ErrorCategory.OpenError, null),
        FormatException => ("ArgumentNotReadable", ErrorCategory.InvalidArgument, null),
        ArgumentException => ("ArgumentNotUsable", ErrorCategory.InvalidArgument, null),
        OperationCanceledException => ("Cancelled", ErrorCategory.OperationStopped, null),
        _ => ("Unexpected", ErrorCategory.NotSpecified, null),
    };

    private static ErrorCategory CategoryOf(LoginError error) => error switch
    {
        LoginError.InvalidRequest => ErrorCategory.InvalidArgument,
        LoginError.CertificateExists => ErrorCategory.ResourceExists,
        LoginError.Cancelled => ErrorCategory.OperationStopped,
        LoginError.NotReached => ErrorCategory.ConnectionError,
        _ => ErrorCategory.InvalidData,
    };

    private static ErrorCategory CategoryOf(SshTunnelError error) => error switch
    {
        SshTunnelError.InvalidRequest => ErrorCategory.InvalidArgument,
        SshTunnelError.ZoneNotFound or SshTunnelError.NotFound => ErrorCategory.ObjectNotFound,
        SshTunnelError.Unprotected => ErrorCategory.SecurityError,
        SshTunnelError.HostnameTaken or SshTunnelError.RecordExists or SshTunnelError.TunnelTaken => ErrorCategory.ResourceExists,
        SshTunnelError.Credentials => ErrorCategory.AuthenticationError,
        SshTunnelError.Timeout => ErrorCategory.OperationTimeout,
        _ => ErrorCategory.NotSpecified,
    };

    private static ErrorCategory CategoryOf(NetworkIngressError error) => error switch
    {
        NetworkIngressError.InvalidRules => ErrorCategory.InvalidArgument,
        NetworkIngressError.NotPrivileged => ErrorCategory.PermissionDenied,
        NetworkIngressError.FirewallMissing => ErrorCategory.NotInstalled,
        NetworkIngressError.TunnelNotProven or NetworkIngressError.Undone => ErrorCategory.ConnectionError,
        NetworkIngressError.NotLocked => ErrorCategory.InvalidOperation,
        NetworkIngressError.AlreadyClosed => ErrorCategory.ResourceExists,
        _ => ErrorCategory.NotSpecified,
    };

    private static (string Id, ErrorCategory Category, string? Advice) DescribeApi(TunnelApiException e)
    {
        string? advice = e.Advice.Length > 0 ? e.Advice : null;
        return e switch
        {
            { StatusCode: 0 } => ("ApiNotReached", ErrorCategory.ConnectionError, advice ?? Retry),
            { IsAccessDenied: true } => ("ApiAccessDenied", ErrorCategory.PermissionDenied, advice),
            { IsNotFound: true } => ("ApiObjectNotFound", ErrorCategory.ObjectNotFound, advice),
            { IsConflict: true } => ("ApiConflict", ErrorCategory.ResourceExists, advice),
            { StatusCode: 429 } => ("ApiLimited", ErrorCategory.LimitsExceeded, advice),
            { StatusCode: >= 500 } => ("ApiFailed", ErrorCategory.ResourceUnavailable, advice ?? Retry),
            _ => ("ApiRefused", ErrorCategory.InvalidOperation, advice),
        };
    }
}
