using System.Security.Cryptography;
using Microsoft.Extensions.Logging;
using Tunnel.Edge.Store;

namespace Tunnel.Edge.Identity;

/// <summary>Puts on record that an approval ended by itself, or that nobody gave it in time; nobody is there who does.</summary>
internal sealed class ApprovalEnds : IAsyncDisposable
{
    private static readonly TimeSpan s_interval = TimeSpan.FromSeconds(2);

    private readonly EdgeStore _store;
    private readonly TimeProvider _time;
    private readonly ILogger<ApprovalEnds> _log;
    private readonly Lock _recording = new();
    private readonly ITimer _timer;

    public ApprovalEnds(EdgeStore store, TimeProvider time, ILogger<ApprovalEnds> log)
    {
        (_store, _time, _log) = (store, time, log);
        _timer = time.CreateTimer(_ => Sweep(), null, s_interval, s_interval);
    }

    public ValueTask DisposeAsync() => _timer.DisposeAsync();

    private void Sweep()
    {
        // A tick may come while the one before it still writes: each end is written down once.
        if (!_recording.TryEnter())
        {
            return;
        }

        try
        {
            foreach (var approval in _store.Approvals.NotEnded)
            {
                Record(approval, _time.GetUtcNow());
            }
        }
#pragma warning disable CA1031 // It is a timer's thread: what is thrown here ends the process.
        catch (Exception error)
#pragma warning restore CA1031
        {
            _log.LogError("The ends of approvals cannot be written down yet: {Reason}", error.Message);
        }
        finally
        {
            _recording.Exit();
        }
    }

    private void Record(AccessApproval approval, DateTimeOffset now)
    {
        var snapshot = _store.Snapshot;
        var application = snapshot.Applications.FirstOrDefault(a => a.Id == approval.ApplicationId);
        var policy = application?.PolicyRecords.FirstOrDefault(p => p.Id.ToString("D") == approval.PolicyId);
        var groups = policy?.Approvers(snapshot.Lists) ?? [];
        var until = approval.ApprovedUntil(groups);
        if (now < (until ?? approval.ExpiresAt))
        {
            return;
        }

        // A refusal is on record already: somebody said it. What the log has no room for now is told at the next tick.
        if (approval.IsRefused(groups) || _store.AccessRequests.Append(new AccessRequestEntry
        {
            CreatedAt = now,
            Action = AccessRequestEntry.Approval,
            Allowed = false,
            UserEmail = approval.Email,
            IpAddress = approval.Address,
            Country = approval.Country,
            ApplicationId = approval.ApplicationId,
            ApplicationDomain = application?.Domains[0],
            ApplicationName = application?.Name,
            ApplicationType = application?.Type,
            Policy = policy?.Name,
            Reason = until is null ? "The request for an approval expired: too few have approved it." : "The approval expired.",
            RayId = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8)),
        }))
        {
            _store.Approvals.End(approval.Id);
        }
    }
}
