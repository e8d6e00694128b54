namespace Tunnel.Benchmarks.Report;

/// <summary>A row of the table.</summary>
/// <param name="Name">What is measured, with its unit.</param>
/// <param name="Aim">What is aimed at, as a ratio to cloudflared; null where nothing is.</param>
/// <param name="Decimals">Digits after the point.</param>
internal sealed record Row(string Name, double? Aim = null, int Decimals = 0);
