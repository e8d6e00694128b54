namespace Tunnel.Benchmarks.Streams;

/// <summary>As the visitor sees it.</summary>
internal enum Direction
{
    Down,
    Up,
}
