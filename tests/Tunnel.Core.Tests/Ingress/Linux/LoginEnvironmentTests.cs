using Tunnel.Core.Ingress.Linux;
using Tunnel.Testing;

namespace Tunnel.Core.Tests.Ingress.Linux;

public sealed class LoginEnvironmentTests : IDisposable
{
    private readonly TemporaryDirectory _proc = new();

    public void Dispose() => _proc.Dispose();

    [Fact]
    public void The_login_shell_is_found_behind_sudo()
    {
        Process(50, 40, "pwsh", "PATH=/bin\0");
        Process(40, 30, "sudo", null); // not ours to read
        Process(30, 1, "ba) sh (x", "HOME=/root\0SSH_CONNECTION=198.51.100.7 40000 192.0.2.1 22\0");
        Assert.Equal("198.51.100.7 40000 192.0.2.1 22", LoginEnvironment.SshConnection(_proc.FullName, 50));
    }

    [Fact]
    public void A_console_has_none()
    {
        Process(50, 1, "pwsh", "PATH=/bin\0XSSH_CONNECTION=no\0");
        Assert.Null(LoginEnvironment.SshConnection(_proc.FullName, 50));
    }

    private void Process(int id, int parent, string name, string? environment)
    {
        var folder = Directory.CreateDirectory(_proc.File($"{id}")).FullName;
        File.WriteAllText(Path.Combine(folder, "stat"), $"{id} ({name}) S {parent} {id} {id} 0 -1 4194304\n");
        if (environment is not null)
        {
            File.WriteAllText(Path.Combine(folder, "environ"), environment);
        }
    }
}
