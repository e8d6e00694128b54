using System.Globalization;
using System.Management.Automation.Host;

namespace Tunnel.Shell.Hosting;

/// <summary>The terminal's size, which tables are fitted to. There is no screen buffer to read or move in.</summary>
internal sealed class ShellRawUserInterface : PSHostRawUserInterface
{
    private const int WidthWithoutTerminal = 140;
    private const int HeightWithoutTerminal = 50;

    public override ConsoleColor BackgroundColor { get; set; } = ConsoleColor.Black;

    public override ConsoleColor ForegroundColor { get; set; } = ConsoleColor.Gray;

    public override Size BufferSize
    {
        get => new(TerminalWidth(), 9999);
        set => throw NoScreen();
    }

    public override Size WindowSize
    {
        get => new(TerminalWidth(), Console.IsOutputRedirected ? HeightWithoutTerminal : Console.WindowHeight);
        set => throw NoScreen();
    }

    public override Size MaxWindowSize => WindowSize;

    public override Size MaxPhysicalWindowSize => WindowSize;

    public override Coordinates CursorPosition { get; set; }

    public override Coordinates WindowPosition { get; set; }

    public override int CursorSize { get; set; } = 25;

    public override string WindowTitle { get; set; } = "tunnel-shell";

    public override bool KeyAvailable => false;

    /// <summary>Columns of the terminal; else of COLUMNS; else wide enough that no table is cut in a log.</summary>
    public static int TerminalWidth()
    {
        if (!Console.IsOutputRedirected && Console.WindowWidth > 0)
        {
            return Console.WindowWidth;
        }

        string? columns = Environment.GetEnvironmentVariable("COLUMNS");
        return int.TryParse(columns, NumberStyles.None, CultureInfo.InvariantCulture, out int width) && width >= 40
            ? width
            : WidthWithoutTerminal;
    }

    public override void FlushInputBuffer()
    {
    }

    public override BufferCell[,] GetBufferContents(Rectangle rectangle) => throw NoScreen();

    public override KeyInfo ReadKey(ReadKeyOptions options) => throw NoScreen();

    public override void ScrollBufferContents(
        Rectangle source, Coordinates destination, Rectangle clip, BufferCell fill) => throw NoScreen();

    public override void SetBufferContents(Coordinates origin, BufferCell[,] contents) => throw NoScreen();

    public override void SetBufferContents(Rectangle rectangle, BufferCell fill) => throw NoScreen();

    private static HostException NoScreen() => new("tunnel-shell has no screen buffer.");
}
