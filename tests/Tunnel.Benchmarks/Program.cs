using System.Runtime.InteropServices;
using Tunnel.Benchmarks;
using Tunnel.Benchmarks.Lab;

if (args is [OriginProcess.Mode])
{
    return await OriginServer.RunAsync();
}

if (!OperatingSystem.IsLinux())
{
    await Console.Error.WriteLineAsync("The benchmarks run on Linux only: they read the kernel's accounts of processes.");
    return 1;
}

BenchmarkOptions options;
try
{
    options = BenchmarkOptions.Parse(args);
}
catch (FormatException error)
{
    await Console.Error.WriteLineAsync(error.Message);
    return 2;
}

using var stopping = new CancellationTokenSource();
using var interrupted = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
using var terminated = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
try
{
    await BenchmarkRun.RunAsync(options, stopping.Token);
    return 0;
}
catch (OperationCanceledException) when (stopping.IsCancellationRequested)
{
    await Console.Error.WriteLineAsync("Stopped; everything that was started has been ended.");
    return 130;
}
catch (Exception error) when (error is IOException or InvalidOperationException or TimeoutException)
{
    await Console.Error.WriteLineAsync(error.Message);
    return 1;
}

void Stop(PosixSignalContext context)
{
    // What was started is ended on the way out.
    context.Cancel = true;
    stopping.Cancel();
}
