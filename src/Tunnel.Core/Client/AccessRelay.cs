using System.Buffers;

namespace Tunnel.Core.Client;

/// <summary>Connects a program's input and output with a visitor's stream, byte for byte, as ssh's ProxyCommand has to.</summary>
public static class AccessRelay
{
    private const int BufferSize = 64 * 1024;

    /// <summary>
    /// Runs until the far end closes. The end of <paramref name="input"/> is passed on after all of its data, and what
    /// the far end still sends is passed on too.
    /// </summary>
    /// <remarks>
    /// It does not wait for a read of <paramref name="input"/> that is under way: on a terminal or pipe nothing but
    /// its other end can finish it. With <see cref="AccessStream.BlockingIo"/> the call blocks, and input has a thread of its own.
    /// </remarks>
    /// <exception cref="IOException">The connection broke; what had arrived before is passed on.</exception>
    public static async Task<RelayEnding> RunAsync(
        AccessStream stream, Stream input, Stream output, AccessRelayOptions options, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentNullException.ThrowIfNull(input);
        ArgumentNullException.ThrowIfNull(output);
        ArgumentNullException.ThrowIfNull(options);
        using var silence = new SilenceTimer(stream, options);
        using var abort = cancellationToken.Register(stream.Abort);
        var up = stream.BlockingIo
            ? Task.Factory.StartNew(
                () => SendAsync(stream, input, silence, cancellationToken).GetAwaiter().GetResult(),
                cancellationToken, TaskCreationOptions.LongRunning, TaskScheduler.Default)
            : SendAsync(stream, input, silence, cancellationToken);
        Observe(up);
        try
        {
            var ending = await ReceiveAsync(stream, output, silence, cancellationToken).ConfigureAwait(false);
            cancellationToken.ThrowIfCancellationRequested();
            return silence.Expired ? RelayEnding.TimedOut : ending;
        }
        catch (Exception error) when (error is IOException or ObjectDisposedException)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (silence.Expired)
            {
                return RelayEnding.TimedOut;
            }

            throw new IOException($"The connection broke: {error.Message}", error);
        }
    }

    /// <inheritdoc cref="RunAsync(AccessStream, Stream, Stream, AccessRelayOptions, CancellationToken)"/>
    public static Task<RelayEnding> RunAsync(
        AccessStream stream, Stream input, Stream output, CancellationToken cancellationToken = default) =>
        RunAsync(stream, input, output, new AccessRelayOptions(), cancellationToken);

    private static async Task SendAsync(
        AccessStream stream, Stream input, SilenceTimer silence, CancellationToken cancellationToken)
    {
        while (true)
        {
            if (!stream.BlockingIo)
            {
                // Waits without a buffer: an idle stream holds none.
                await ReadInputAsync(input, Memory<byte>.Empty, cancellationToken).ConfigureAwait(false);
            }

            var buffer = ArrayPool<byte>.Shared.Rent(BufferSize);
            try
            {
                var read = await ReadInputAsync(input, buffer, cancellationToken).ConfigureAwait(false);
                if (read == 0)
                {
                    await stream.CompleteWritesAsync(cancellationToken).ConfigureAwait(false);
                    silence.Start();
                    return;
                }

                await stream.WriteAsync(buffer.AsMemory(0, read), cancellationToken).ConfigureAwait(false);
            }
            finally
            {
                ArrayPool<byte>.Shared.Return(buffer);
            }
        }
    }

    private static async ValueTask<int> ReadInputAsync(Stream input, Memory<byte> buffer, CancellationToken cancellationToken)
    {
        try
        {
            return await input.ReadAsync(buffer, cancellationToken).ConfigureAwait(false);
        }
        catch (IOException)
        {
            // A terminal that was hung up, a peer that was killed: no more input comes from there.
            return 0;
        }
    }

    private static async Task<RelayEnding> ReceiveAsync(
        AccessStream stream, Stream output, SilenceTimer silence, CancellationToken cancellationToken)
    {
        while (true)
        {
            if (!stream.BlockingIo)
            {
                await stream.ReadAsync(Memory<byte>.Empty, cancellationToken).ConfigureAwait(false);
            }

            var buffer = ArrayPool<byte>.Shared.Rent(BufferSize);
            try
            {
                var read = await stream.ReadAsync(buffer, cancellationToken).ConfigureAwait(false);
                if (read == 0)
                {
                    return RelayEnding.FarEnd;
                }

                // The far end is not silent while it is our output that is slow.
                silence.Pause();
                try
                {
                    await output.WriteAsync(buffer.AsMemory(0, read), cancellationToken).ConfigureAwait(false);
                    await output.FlushAsync(cancellationToken).ConfigureAwait(false);
                }
                catch (IOException)
                {
                    return RelayEnding.OutputGone;
                }

                silence.Resume();
            }
            finally
            {
                ArrayPool<byte>.Shared.Return(buffer);
            }
        }
    }

    /// <summary>A failure to send shows on the receiving side too, where it is dealt with.</summary>
    private static void Observe(Task task) =>
        task.ContinueWith(
            static failed => _ = failed.Exception, CancellationToken.None,
            TaskContinuationOptions.OnlyOnFaulted | TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
}
