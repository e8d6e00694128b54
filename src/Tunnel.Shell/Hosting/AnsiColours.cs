namespace Tunnel.Shell.Hosting;

/// <summary>The console's sixteen colours as SGR sequences (ECMA-48, 8.3.117).</summary>
internal static class AnsiColours
{
    public static string Foreground(ConsoleColor colour) => $"\e[{Code(colour)}m";

    private static int Code(ConsoleColor colour) => colour switch
    {
        ConsoleColor.Black => 30,
        ConsoleColor.DarkRed => 31,
        ConsoleColor.DarkGreen => 32,
        ConsoleColor.DarkYellow => 33,
        ConsoleColor.DarkBlue => 34,
        ConsoleColor.DarkMagenta => 35,
        ConsoleColor.DarkCyan => 36,
        ConsoleColor.Gray => 37,
        ConsoleColor.DarkGray => 90,
        ConsoleColor.Red => 91,
        ConsoleColor.Green => 92,
        ConsoleColor.Yellow => 93,
        ConsoleColor.Blue => 94,
        ConsoleColor.Magenta => 95,
        ConsoleColor.Cyan => 96,
        _ => 97,
    };
}
