using System.Buffers;
using System.Runtime.CompilerServices;

namespace Tunnel.Protocol.Tls;

/// <summary>
/// Stands between a TLS stream and its socket and reads as much as has come: four full TLS records a system call, where
/// <see cref="System.Net.Security.SslStream"/> takes one and asks before each whether there is one. Writes pass through.
/// </summary>
/// <remarks>It holds a buffer only while it has data that was not read. One reader and one writer at a time.</remarks>
public sealed class ReadAheadStream(Stream inner) : Stream
{
    private const int BufferSize = 64 * 1024;

    private byte[]? _buffer;
    private int _start;
    private int _end;

    public override bool CanRead => true;

    public override bool CanWrite => true;

    public override bool CanSeek => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>Reads what is there; with an empty buffer, waits until there is something.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (_buffer is not null)
        {
            return Take(buffer.Span);
        }

        if (buffer.IsEmpty || buffer.Length >= BufferSize)
        {
            return await inner.ReadAsync(buffer, cancellationToken).ConfigureAwait(false);
        }

        var rented = ArrayPool<byte>.Shared.Rent(BufferSize);
        try
        {
            var read = await inner.ReadAsync(rented.AsMemory(0, BufferSize), cancellationToken).ConfigureAwait(false);
            if (read > buffer.Length)
            {
                (_buffer, _start, _end) = (rented, 0, read);
                return Take(buffer.Span);
            }

            rented.AsSpan(0, read).CopyTo(buffer.Span);
            return read;
        }
        finally
        {
            if (_buffer != rented)
            {
                ArrayPool<byte>.Shared.Return(rented);
            }
        }
    }

    public override int Read(Span<byte> buffer) => _buffer is null ? inner.Read(buffer) : Take(buffer);

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override void Write(ReadOnlySpan<byte> buffer) => inner.Write(buffer);

    public override void Write(byte[] buffer, int offset, int count) => inner.Write(buffer, offset, count);

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) =>
        inner.WriteAsync(buffer, cancellationToken);

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        inner.WriteAsync(buffer, offset, count, cancellationToken);

    public override void Flush() => inner.Flush();

    public override Task FlushAsync(CancellationToken cancellationToken) => inner.FlushAsync(cancellationToken);

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override async ValueTask DisposeAsync()
    {
        await inner.DisposeAsync().ConfigureAwait(false);
        await base.DisposeAsync().ConfigureAwait(false);
    }

    protected override void Dispose(bool disposing)
    {
        // The buffer goes to the collector, not to the pool: a read may still be under way.
        if (disposing)
        {
            inner.Dispose();
        }

        base.Dispose(disposing);
    }

    private int Take(Span<byte> destination)
    {
        var length = Math.Min(destination.Length, _end - _start);
        _buffer.AsSpan(_start, length).CopyTo(destination);
        _start += length;
        if (_start == _end)
        {
            ArrayPool<byte>.Shared.Return(_buffer!);
            _buffer = null;
        }

        return length;
    }
}
