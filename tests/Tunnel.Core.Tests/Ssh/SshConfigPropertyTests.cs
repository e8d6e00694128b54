using CsCheck;
using Tunnel.Core.Ssh;
using Tunnel.Testing;

namespace Tunnel.Core.Tests.Ssh;

public sealed class SshConfigPropertyTests
{
    private static readonly Gen<string> Name = Gen.Char["abcdefgh"].Array[1, 3].Select(static c => new string(c));

    private static readonly string[] Lines =
        ["Host *", "  User bob", "Match all", "# >>> tunnel", "# <<< tunnel ssh host", "\u00fc", "", "\r", "Include x"];

    /// <summary>Lines of configs, fragments of our own markers among them, and any bytes at all.</summary>
    private static readonly Gen<byte[]> Content = Gen.OneOf(
        Gen.Byte.Array[0, 200],
        Gen.Int[0, Lines.Length - 1].Select(static i => Lines[i])
            .Array[0, 12]
            .Select(Gen.Bool, static (lines, crlf) => System.Text.Encoding.UTF8.GetBytes(string.Join(crlf ? "\r\n" : "\n", lines))));

    [Fact]
    public void Everything_that_is_not_ours_stays_byte_for_byte() => Gen.Select(Content, Name.Array[1, 6], Gen.Int[0, 65535])
        .Sample((before, names, seed) =>
        {
            using var directory = new TemporaryDirectory();
            var path = directory.File("config");
            File.WriteAllBytes(path, before);
            var file = new SshConfigFile(path);
            foreach (var name in names)
            {
                file.Register(new SshHost { Name = name, AgentPath = "/a", Port = (seed % 65535) + 1 });
            }

            var registered = file.Get().Select(static h => h.Name).Order(StringComparer.Ordinal);
            Assert.Equal(names.Distinct().Order(StringComparer.Ordinal), registered);
            foreach (var name in names.Distinct())
            {
                Assert.True(file.Unregister(name));
            }

            Assert.Equal(before, File.ReadAllBytes(path));
        }, iter: 300);
}
