using System.Management.Automation;
using System.Runtime.CompilerServices;
using Tunnel.Core.Accounts;
using Tunnel.Core.Tunnels;
using Tunnel.PowerShell.Edge;

using CoreTunnel = Tunnel.Core.Tunnels.SshTunnel;

namespace Tunnel.PowerShell.Pipeline;

/// <summary>
/// What one runspace has open: its connected accounts, the tunnels that it runs and the edges that it started. Kept in
/// a variable of the module's own scope, so that two runspaces of a process never see each other's.
/// </summary>
internal sealed class TunnelSession
{
    private const string VariableName = "TunnelSession";

    private readonly List<TunnelAccount> _accounts = [];
    // Earlier connections to an account: scripts may hold them, and tunnels that run came from them.
    private readonly List<TunnelAccount> _replaced = [];
    private readonly List<(TunnelAccount Account, SshTunnelService Tunnels)> _services = [];

    /// <summary>The connected accounts; the last is the default of every cmdlet's -Account.</summary>
    public IReadOnlyList<TunnelAccount> Accounts => _accounts;

    /// <summary>The account that was connected last, or null.</summary>
    public TunnelAccount? DefaultAccount => _accounts is [.., var last] ? last : null;

    /// <summary>The edges that run in this process, oldest first.</summary>
    public List<TunnelEdge> Edges { get; } = [];

    public static TunnelSession Of(PSCmdlet cmdlet) => Of(cmdlet.MyInvocation.MyCommand.Module);

    public static TunnelSession Of(PSModuleInfo? module)
    {
        PSVariableIntrinsics variables = module?.SessionState?.PSVariable ?? throw new InvalidOperationException(
            "The cmdlets keep their state in the module Tunnel. Import Tunnel.psd1 instead of its assembly.");
        if (variables.GetValue(VariableName) is TunnelSession session)
        {
            return session;
        }

        session = new TunnelSession();
        variables.Set(VariableName, session);
        return session;
    }

    /// <exception cref="AccountNotConnectedException">None was given and none is connected.</exception>
    public TunnelAccount AccountOrDefault(TunnelAccount? given) =>
        given ?? DefaultAccount ?? throw new AccountNotConnectedException();

    /// <summary>Makes the account the session's default, in place of an earlier connection to the same account.</summary>
    /// <param name="account">The account.</param>
    /// <param name="tunnelDirectory">Where its tunnels keep their files on this machine; null: cloudflared's folder.</param>
    public void Connect(TunnelAccount account, string? tunnelDirectory)
    {
        var service = new SshTunnelService(
            account, tunnelDirectory is null ? null : new SshTunnelServiceOptions { Directory = tunnelDirectory });
        foreach ((_, SshTunnelService before) in _services.Where(known => IsSame(known.Account, account)))
        {
            // Else the new connection would start a second connector for a tunnel that runs.
            service.TakeOver(before);
        }

        _replaced.AddRange(_accounts.Where(known => IsSame(known, account)));
        _accounts.RemoveAll(known => IsSame(known, account));
        _accounts.Add(account);
        _services.Add((account, service));
    }

    /// <summary>Forgets the account and its tokens, those of earlier connections as well. Its tunnels go on: Stop-SshTunnel still finds them.</summary>
    public void Disconnect(TunnelAccount account)
    {
        _accounts.Remove(account);
        foreach (TunnelAccount forgotten in _replaced.Where(known => IsSame(known, account)).Append(account).ToArray())
        {
            _replaced.Remove(forgotten);
            _services.RemoveAll(service => service.Account == forgotten && service.Tunnels.Running.Count == 0);
            forgotten.Dispose();
        }
    }

    /// <summary>What runs the account's tunnels in this session.</summary>
    public SshTunnelService TunnelsOf(TunnelAccount account)
    {
        int index = _services.FindLastIndex(service => service.Account == account);
        if (index < 0)
        {
            // An account that another runspace connected.
            _services.Add((account, new SshTunnelService(account)));
            index = _services.Count - 1;
        }

        return _services[index].Tunnels;
    }

    /// <summary>What runs this very tunnel, also of an account that was disconnected since; or else would run it.</summary>
    public SshTunnelService TunnelsOf(CoreTunnel tunnel, TunnelAccount? given) =>
        _services.Find(service => service.Tunnels.Running.Any(running => running.Id == tunnel.Id)).Tunnels
        ?? TunnelsOf(AccountOrDefault(given));

    /// <summary>The tunnels that this session runs, whatever account they belong to.</summary>
    public IEnumerable<CoreTunnel> RunningTunnels => _services.SelectMany(service => service.Tunnels.Running);

    /// <summary>The account's tunnels, those of this session first and with their live state.</summary>
    public async IAsyncEnumerable<CoreTunnel> ListTunnelsAsync(
        TunnelAccount account, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        CoreTunnel[] here = [.. RunningTunnels.Where(tunnel => tunnel.AccountId == account.AccountId)];
        foreach (CoreTunnel tunnel in here)
        {
            yield return tunnel;
        }

        await foreach (CoreTunnel tunnel in TunnelsOf(account).ListAsync(cancellationToken: cancellationToken))
        {
            if (Array.TrueForAll(here, known => known.Id != tunnel.Id))
            {
                yield return tunnel;
            }
        }
    }

    /// <summary>Ends what the runspace still runs. State folders and the account stay as they are.</summary>
    public async Task CloseAsync()
    {
        foreach ((TunnelAccount account, SshTunnelService tunnels) in _services)
        {
            await tunnels.DisposeAsync().ConfigureAwait(false);
            account.Dispose();
        }

        foreach (TunnelEdge edge in Edges)
        {
            await edge.Engine.DisposeAsync().ConfigureAwait(false);
            edge.State = TunnelEdgeState.Stopped;
        }

        _replaced.ForEach(static account => account.Dispose());
        _replaced.Clear();
        _services.Clear();
        _accounts.Clear();
        Edges.Clear();
    }

    private static bool IsSame(TunnelAccount one, TunnelAccount other) =>
        one.AccountId == other.AccountId && one.ApiAddress == other.ApiAddress;
}
