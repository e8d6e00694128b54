using System.Management.Automation;

namespace Tunnel.Shell.Hosting;

/// <summary>One line on stderr that is written over; nothing where stderr is no terminal.</summary>
internal sealed class ShellProgress
{
    private readonly bool _isShown = !Console.IsErrorRedirected;

    public void Show(ProgressRecord record)
    {
        if (!_isShown)
        {
            return;
        }

        const string Erase = "\r\e[K";
        if (record.RecordType == ProgressRecordType.Completed)
        {
            Console.Error.Write(Erase);
            return;
        }

        string percent = record.PercentComplete >= 0 ? $" {record.PercentComplete}%" : string.Empty;
        string line = $"{record.Activity}: {record.StatusDescription}{percent}";
        int width = Math.Max(20, ShellRawUserInterface.TerminalWidth() - 1);
        Console.Error.Write(Erase + (line.Length > width ? line[..width] : line));
    }
}
