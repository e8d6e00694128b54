namespace Tunnel.Agent.CommandLine;

/// <summary>What the program tells the one who started it.</summary>
internal static class ExitCode
{
    public const int Ok = 0;

    /// <summary>It was asked for something sensible and could not do it.</summary>
    public const int Error = 1;

    /// <summary>It was not asked for something sensible.</summary>
    public const int Usage = 2;

    /// <summary>What a shell reports for a tool that wrote to a pipe that nobody reads (128 + SIGPIPE).</summary>
    public const int BrokenPipe = 141;

    /// <summary>What a shell reports for a program that a signal ended.</summary>
    public static int Signal(int number) => 128 + number;
}
