using System.ComponentModel;
using System.Diagnostics;
using System.Text;

namespace Tunnel.Protocol.Tests.CapnProto;

/// <summary>The <c>capnp</c> program of the reference implementation (Debian: capnproto), with one of our schemas.</summary>
internal sealed class CapnpTool(string schema, string type)
{
    private readonly string _schema = Path.Combine(AppContext.BaseDirectory, schema);

    public byte[] Encode(string text) => Run(Encoding.UTF8.GetBytes(text), "encode", _schema, type);

    public string Decode(byte[] message) => Encoding.UTF8.GetString(Run(message, "decode", "--short", _schema, type));

    /// <summary>For example <c>binary:flat</c>.</summary>
    public byte[] Convert(string formats, byte[] message) => Run(message, "convert", formats, _schema, type);

    private static byte[] Run(byte[] input, params string[] arguments)
    {
        using var process = Start(arguments);
        var output = Task.Run(() =>
        {
            using var bytes = new MemoryStream();
            process.StandardOutput.BaseStream.CopyTo(bytes);
            return bytes.ToArray();
        });
        var errors = process.StandardError.ReadToEndAsync();
        try
        {
            process.StandardInput.BaseStream.Write(input);
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // It ended before it had read all: its exit code and words say why.
        }

        process.WaitForExit();
        Assert.True(process.ExitCode == 0, $"capnp {string.Join(' ', arguments)}: {errors.Result}");
        return output.Result;
    }

    private static Process Start(string[] arguments)
    {
        try
        {
            return Process.Start(new ProcessStartInfo("capnp", arguments)
            {
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            })!;
        }
        catch (Win32Exception)
        {
            Assert.Skip("capnp is not installed (Debian: apt-get install capnproto).");
            throw;
        }
    }
}
