namespace Tunnel.Shell;

/// <summary>The exit codes that are the shell's own; every other code comes from the script's <c>exit</c>.</summary>
internal static class ShellExitCodes
{
    public const int Success = 0;

    /// <summary>The script ended with an error that nothing caught.</summary>
    public const int Failure = 1;

    /// <summary>The command line could not be read (sysexits.h: EX_USAGE).</summary>
    public const int Usage = 64;

    /// <summary>What shells answer for a program that a signal ended: 128 and the signal's number.</summary>
    public static int Signalled(int signal) => 128 + signal;
}
