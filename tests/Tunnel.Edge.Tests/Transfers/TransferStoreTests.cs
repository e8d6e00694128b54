using System.Net;
using System.Text;
using Tunnel.Edge.Tests.Store;
using Tunnel.Edge.Transfers;
using Tunnel.Protocol.Transfers;

namespace Tunnel.Edge.Tests.Transfers;

public sealed class TransferStoreTests : IDisposable
{
    private readonly ManualTime _time = new();
    private readonly TransferKeyPair _keys = TransferKeyPair.Generate();
    private readonly TransferStore _store;

    public TransferStoreTests() => _store = Store(new TransferStoreOptions());

    [Fact]
    public async Task What_was_left_is_given_out_once()
    {
        Assert.True(_store.TryPut(Plain, "certificate"));

        Assert.Equal("certificate", (await TakeAsync(Plain)).Content);
        Assert.Null(_store.TryTake(Plain));
    }

    [Fact]
    public async Task Who_waits_gets_it_when_it_comes()
    {
        var taking = TakeAsync(Plain, IPAddress.Loopback);
        Assert.Equal(IPAddress.Loopback, _store.WaitingFrom(Plain));

        _store.TryPut(Plain, "certificate");

        Assert.Equal("certificate", (await taking).Content);
        Assert.Null(_store.WaitingFrom(Plain));
    }

    [Fact]
    public async Task A_sealed_slot_holds_nothing_that_others_could_read()
    {
        var slot = Plain with { IsSealed = true };
        _store.TryPut(slot, "certificate");

        Assert.Null(_store.TryTake(Plain));
        var answer = await TakeAsync(slot);
        Assert.DoesNotContain("certificate", answer.Content, StringComparison.Ordinal);
        Assert.Equal("certificate", Encoding.UTF8.GetString(_keys.Open(new SealedTransfer(answer.Content, answer.Sender!))));
    }

    [Fact]
    public void What_nobody_fetches_is_gone_after_its_time()
    {
        _store.TryPut(Plain, "certificate");

        _time.Advance(TimeSpan.FromMinutes(5));

        Assert.Null(_store.TryTake(Plain));
    }

    [Fact]
    public async Task Who_waits_in_vain_is_told_to_ask_again()
    {
        var taking = TakeAsync(Plain);

        _time.Advance(TimeSpan.FromSeconds(50));

        Assert.Equal(TransferStatus.NotYet, (await taking).Status);
    }

    [Fact]
    public async Task A_no_is_told_to_every_further_try_until_it_expires()
    {
        var taking = TakeAsync(Plain);
        _store.TryCancel(Plain);

        Assert.Equal(TransferStatus.Cancelled, (await taking).Status);
        Assert.Equal(TransferStatus.Cancelled, (await TakeAsync(Plain)).Status);
    }

    [Fact]
    public async Task Who_leaves_while_waiting_takes_nothing_along()
    {
        using var leaving = new CancellationTokenSource();
        var taking = _store.TakeAsync(Plain, null, leaving.Token);
        await leaving.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => taking);

        _store.TryPut(Plain, "certificate");

        Assert.Equal("certificate", (await TakeAsync(Plain)).Content);
    }

    [Fact]
    public async Task It_keeps_to_its_bounds()
    {
        using var store = Store(new TransferStoreOptions { MaxEntries = 2, MaxLength = 10, MaxWaiting = 2, MaxWaitingPerSite = 1 });

        Assert.False(store.TryPut(Fresh(), new string('x', 11)));
        Assert.True(store.TryPut(Fresh(), "1"));
        Assert.True(store.TryPut(Fresh(), "2"));
        Assert.False(store.TryPut(Fresh(), "3"));

        using var end = new CancellationTokenSource();
        var one = store.TakeAsync(Fresh(), IPAddress.Loopback, end.Token);
        Assert.Equal(TransferStatus.TooMany, (await store.TakeAsync(Fresh(), IPAddress.Loopback, end.Token)).Status);
        var two = store.TakeAsync(Fresh(), IPAddress.Parse("2001:db8:1:1::1"), end.Token);
        // A customer has many networks of IPv6: they count as one.
        Assert.Equal(TransferStatus.TooMany, (await store.TakeAsync(Fresh(), IPAddress.Parse("2001:db8:1:2::1"), end.Token)).Status);
        // Whoever has waited longest makes room, and asks again.
        var three = store.TakeAsync(Fresh(), IPAddress.Parse("2001:db8:2::1"), end.Token);
        Assert.Equal(TransferStatus.NotYet, (await one).Status);
        await end.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Task.WhenAll(two, three));
    }

    public void Dispose()
    {
        _store.Dispose();
        _keys.Dispose();
    }

    private TransferSlot Plain => new(_keys.PublicKey, false);

    private TransferStore Store(TransferStoreOptions options) => new(options with { TimeProvider = _time });

    private Task<TransferAnswer> TakeAsync(TransferSlot slot, IPAddress? address = null) =>
        _store.TakeAsync(slot, address, TestContext.Current.CancellationToken);

    private static TransferSlot Fresh()
    {
        using var keys = TransferKeyPair.Generate();
        return new TransferSlot(keys.PublicKey, false);
    }
}
