using System.Diagnostics;
using System.Text.Json.Nodes;
using Tunnel.Core.Client.SignIn;
using Tunnel.Testing;

namespace Tunnel.Core.Tests.Client.SignIn;

/// <summary>Of all that sign in to an application on a machine, one asks the person.</summary>
public sealed class SignInLockTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private readonly SteppedTime _time = new();

    private string Token => _directory.File("token");

    private string LockFile => Token + ".lock";

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void One_has_it_and_the_next_gets_it_afterwards()
    {
        using (var first = SignInLock.TryTake(Token, _time))
        {
            Assert.NotNull(first);
            Assert.Null(SignInLock.TryTake(Token, _time));
        }

        using var second = SignInLock.TryTake(Token, _time);
        Assert.NotNull(second);
    }

    [Fact]
    public void Nothing_stays_of_it()
    {
        using (var taken = SignInLock.TryTake(Token, _time))
        {
            taken!.WriteLink(new Uri("https://ssh.example.test/cdn-cgi/access/cli"));
            Assert.NotNull(SignInLock.ReadLink(Token));
        }

        Assert.Empty(Directory.GetFileSystemEntries(_directory.FullName));
    }

    [Fact]
    public void It_names_its_process_as_cloudflared_does()
    {
        using var taken = SignInLock.TryTake(Token, _time);

        var content = JsonNode.Parse(File.ReadAllText(LockFile))!;
        Assert.Equal(Environment.ProcessId, content["pid"]!.GetValue<int>());
        using var self = Process.GetCurrentProcess();
        Assert.Equal(new DateTimeOffset(self.StartTime).ToUnixTimeMilliseconds(), content["start_time"]!.GetValue<long>(), 2000d);
    }

    [Fact]
    public void Who_waits_for_longer_than_ten_minutes_keeps_it()
    {
        using var first = SignInLock.TryTake(Token, _time);

        for (var i = 0; i < 5; i++)
        {
            _time.Advance(TimeSpan.FromMinutes(25));
            Assert.Null(SignInLock.TryTake(Token, _time));
            // What cloudflared goes by.
            Assert.True(_time.GetUtcNow() - File.GetLastWriteTimeUtc(LockFile) < TimeSpan.FromMinutes(2));
        }
    }

    [Fact]
    public void Who_slept_loses_it_and_takes_nothing_from_who_has_it_now()
    {
        using var first = SignInLock.TryTake(Token, _time);
        _time.Advance(TimeSpan.FromMinutes(11), fires: false);
        using var second = SignInLock.TryTake(Token, _time);
        Assert.NotNull(second);
        second.WriteLink(new Uri("https://ssh.example.test/second"));

        _time.Advance(TimeSpan.FromMinutes(5)); // the first one's timer, too, after which it goes
        first!.Dispose();

        Assert.Null(SignInLock.TryTake(Token, _time));
        Assert.Equal("https://ssh.example.test/second", SignInLock.ReadLink(Token));
    }

    [Fact]
    public void One_of_a_process_that_is_no_more_is_taken_over()
    {
        File.WriteAllText(LockFile, Content(int.MaxValue, 1_700_000_000_000));

        using var taken = SignInLock.TryTake(Token, _time);

        Assert.NotNull(taken);
    }

    [Fact]
    public void One_whose_process_id_is_another_processs_now_is_taken_over()
    {
        File.WriteAllText(LockFile, Content(Environment.ProcessId, 1_700_000_000_000));

        using var taken = SignInLock.TryTake(Token, _time);

        Assert.NotNull(taken);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("{\"pid\":\"x\"}")]
    [InlineData("{\"pid\":1.5}")]
    [InlineData("\u0000\u0001")]
    public void One_that_is_broken_may_be_being_written_and_is_taken_over_then(string content)
    {
        File.WriteAllText(LockFile, content);
        File.SetLastWriteTimeUtc(LockFile, _time.GetUtcNow().UtcDateTime);
        Assert.Null(SignInLock.TryTake(Token, _time));

        _time.Advance(TimeSpan.FromSeconds(3));
        using var taken = SignInLock.TryTake(Token, _time);

        Assert.NotNull(taken);
    }

    [Fact]
    public void Of_many_that_find_it_abandoned_one_gets_it()
    {
        for (var round = 0; round < 40; round++)
        {
            File.WriteAllText(LockFile, Content(int.MaxValue, round));
            using var start = new Barrier(8);
            var taken = new SignInLock?[8];
            var threads = Enumerable.Range(0, taken.Length).Select(i => new Thread(() =>
            {
                start.SignalAndWait();
                for (var tries = 0; tries < 20 && taken[i] is null; tries++)
                {
                    taken[i] = SignInLock.TryTake(Token, TimeProvider.System);
                }
            })).ToList();
            threads.ForEach(thread => thread.Start());
            threads.ForEach(thread => thread.Join());

            Assert.Single(taken, one => one is not null);
            Array.Find(taken, one => one is not null)!.Dispose();
        }

        Assert.Empty(Directory.GetFileSystemEntries(_directory.FullName));
    }

    private static string Content(int processId, long startTime) => $$"""{"pid":{{processId}},"start_time":{{startTime}}}""";
}
