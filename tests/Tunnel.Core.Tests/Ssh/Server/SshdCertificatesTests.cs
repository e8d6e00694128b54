using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using System.Security.Cryptography;
using Tunnel.Core.Ssh.Server;
using Tunnel.Protocol.Ssh;
using Tunnel.Testing;

namespace Tunnel.Core.Tests.Ssh.Server;

/// <summary>A real sshd reads what is set up for it; its own folder stands for /etc/ssh.</summary>
[UnsupportedOSPlatform("windows")]
[Collection(nameof(SshdCertificatesTests))]
public sealed class SshdCertificatesTests : IDisposable
{
    private static readonly IReadOnlyDictionary<string, IReadOnlyList<string>> s_nobody = new Dictionary<string, IReadOnlyList<string>>();

    private readonly TemporaryDirectory _directory = new();
    private readonly TemporaryDirectory _programs = new();

    public SshdCertificatesTests()
    {
        Assert.SkipUnless(File.Exists("/usr/sbin/sshd"), "sshd is not installed (Debian: openssh-server)");
        if (Environment.UserName == "root")
        {
            Directory.CreateDirectory("/run/sshd");
        }

        using var made = Process.Start("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", _directory.File("host_key")]);
        made.WaitForExit();
        Directory.CreateDirectory(_directory.File("sshd_config.d"));
        Configure(withDropIns: true);
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private string Config => _directory.File("sshd_config");

    private string DropIn => _directory.File("sshd_config.d/50-tunnel-certificates.conf");

    private string Authorities => _directory.File("tunnel_user_ca.pub");

    private SshdCertificates Sshd => new(SshdOptions.For(Config));

    public void Dispose()
    {
        _directory.Dispose();
        _programs.Dispose();
    }

    [Fact]
    public async Task An_authority_is_trusted_in_a_file_of_its_own_and_no_longer_when_it_is_taken_away()
    {
        var before = Files();

        var settings = await EnableAsync(Key("one"));

        Assert.Equal((DropIn, true, false), (settings.SettingsFile, settings.IsChanged, settings.IsReloaded));
        Assert.Single(settings.Authorities);
        Assert.Equal(Authorities, (await EffectiveAsync())["trustedusercakeys"]);
        Assert.Equal(before["sshd_config"], Files()["sshd_config"]);
        await DisableAsync(null);
        Assert.Equal(before, Files());
        Assert.Equal("none", (await EffectiveAsync())["trustedusercakeys"]);
    }

    [Fact]
    public async Task Where_nothing_is_included_the_lines_stand_in_the_configuration_and_go_without_a_trace()
    {
        Configure(withDropIns: false, "Match User nobody\n    PasswordAuthentication no");
        var before = Files();

        var settings = await EnableAsync(Key("one"), ("deploy", ["ann"]));

        Assert.Equal(Config, settings.SettingsFile);
        Assert.False(File.Exists(DropIn));
        Assert.Equal(Authorities, (await EffectiveAsync())["trustedusercakeys"]);
        Assert.Equal(_directory.File("tunnel_principals/%u"), (await EffectiveAsync("deploy"))["authorizedprincipalsfile"]);
        Assert.Equal("none", (await EffectiveAsync("nobody"))["authorizedprincipalsfile"]);
        await DisableAsync(null);
        Assert.Equal(before, Files());
    }

    [Fact]
    public async Task Doing_it_twice_changes_nothing()
    {
        var key = Key("one");
        await EnableAsync(key, ("deploy", ["ann", "bob"]));
        var (files, written) = (Files(), File.GetLastWriteTimeUtc(DropIn));

        var again = await EnableAsync(key, ("deploy", ["ann", "bob"]));

        Assert.False(again.IsChanged);
        Assert.Equal(["deploy: ann, bob"], again.Principals);
        Assert.Equal(files, Files());
        Assert.Equal(written, File.GetLastWriteTimeUtc(DropIn));
        await DisableAsync(null);
        Assert.False((await DisableAsync(null)).IsChanged);
    }

    [Fact]
    public async Task Several_authorities_are_trusted_and_each_goes_for_itself()
    {
        var (one, two) = (Key("one"), Key("two"));
        await EnableAsync(one);
        Assert.Equal(2, (await EnableAsync(two)).Authorities.Count);

        Assert.Single((await DisableAsync(one)).Authorities);
        Assert.Equal(two.ToString(), Assert.Single(await File.ReadAllLinesAsync(Authorities, Cancellation)));
        Assert.Empty((await DisableAsync(two)).Authorities);
        Assert.False(File.Exists(Authorities));
    }

    [Fact]
    public async Task Principals_are_set_for_their_users_only_and_can_be_read_by_them()
    {
        await EnableAsync(Key("one"), ("deploy", ["ann", "bob"]));

        Assert.Equal(_directory.File("tunnel_principals/%u"), (await EffectiveAsync("deploy"))["authorizedprincipalsfile"]);
        Assert.Equal("none", (await EffectiveAsync("ann"))["authorizedprincipalsfile"]);
        var file = _directory.File("tunnel_principals/deploy");
        Assert.Equal(["ann", "bob"], await File.ReadAllLinesAsync(file, Cancellation));
        Assert.True(File.GetUnixFileMode(file).HasFlag(UnixFileMode.OtherRead));
        await EnableAsync(Key("two"), ("deploy", []));
        Assert.False(File.Exists(file));
        Assert.Equal("none", (await EffectiveAsync("deploy"))["authorizedprincipalsfile"]);
    }

    [Theory]
    [InlineData("NoSuchKeyword yes")]
    [InlineData("PubkeyAuthentication no")]
    [InlineData("TrustedUserCAKeys /etc/other_ca.pub")]
    public async Task What_would_not_let_certificates_in_is_refused_and_nothing_is_touched(string line)
    {
        Configure(withDropIns: true, line);
        var before = Files();

        await Assert.ThrowsAsync<SshdException>(() => EnableAsync(Key("one")));

        Assert.Equal(before, Files());
    }

    [Fact]
    public async Task What_sshd_does_not_take_afterwards_is_undone_with_every_file()
    {
        var before = Files();
        var plan = await Sshd.PlanEnableAsync(Key("one").ToString(), Principals(("deploy", ["ann"])), Cancellation);
        await File.AppendAllTextAsync(Config, "NoSuchKeyword yes\n", Cancellation);

        await Assert.ThrowsAsync<SshdException>(() => Sshd.ApplyAsync(plan, Cancellation));

        await File.WriteAllTextAsync(Config, before["sshd_config"], Cancellation);
        Assert.Equal(before, Files());
    }

    [Fact]
    public async Task One_file_that_cannot_be_put_back_keeps_no_other_and_is_named()
    {
        await EnableAsync(Key("one"), ("deploy", ["ann"]));
        var before = Files();
        var principals = _directory.File("tunnel_principals/deploy");
        var sshd = WithManager($"[ $1 = is-active ] || {{ rm '{principals}'; mkdir -p '{principals}/in-the-way'; exit 1; }}");

        var error = await Assert.ThrowsAsync<SshdException>(async () => await sshd.ApplyAsync(
            await sshd.PlanEnableAsync(Key("two").ToString(), Principals(("deploy", ["bob"]), ("ops", ["bob"])), Cancellation), Cancellation));

        Assert.Contains(principals, error.Message, StringComparison.Ordinal);
        Directory.Delete(principals, recursive: true);
        before.Remove("tunnel_principals/deploy");
        Assert.Equal(before, Files());
    }

    [Fact]
    public async Task A_running_sshd_that_was_told_of_what_is_undone_is_told_again()
    {
        var (before, calls) = (Files(), Path.Combine(_programs.FullName, "calls"));
        var sshd = WithManager($"[ $1 = is-active ] && exit 0; grep -c TrustedUserCAKeys '{Config}' '{DropIn}' >> '{calls}' 2> /dev/null; [ -s '{calls}.once' ] || {{ echo 1 > '{calls}.once'; exit 1; }}");

        var error = await Assert.ThrowsAsync<SshdException>(async () => await sshd.ApplyAsync(
            await sshd.PlanEnableAsync(Key("one").ToString(), s_nobody, Cancellation), Cancellation));

        Assert.DoesNotContain("not everything", error.Message, StringComparison.OrdinalIgnoreCase);
        Assert.Equal([$"{Config}:0", $"{DropIn}:1", $"{Config}:0"], await File.ReadAllLinesAsync(calls, Cancellation));
        Assert.Equal(before, Files());
    }

    [Fact]
    public async Task The_folder_of_principals_lets_sshd_in_and_nobody_else_whatever_the_umask()
    {
        var mask = SetUmask(Convert.ToUInt32("077", 8));
        try
        {
            await EnableAsync(Key("one"), ("deploy", ["ann"]));
        }
        finally
        {
            _ = SetUmask(mask);
        }

        Assert.Equal(Convert.ToInt32("711", 8), (int)File.GetUnixFileMode(_directory.File("tunnel_principals")));
        Assert.Equal(Convert.ToInt32("644", 8), (int)File.GetUnixFileMode(_directory.File("tunnel_principals/deploy")));
    }

    [Fact]
    public async Task What_is_half_written_or_an_editors_copy_is_nobodys_and_stays()
    {
        await EnableAsync(Key("one"), ("deploy", ["ann"]));
        string[] others = [$"deploy.{Guid.NewGuid():N}.tmp", "deploy~", ".deploy.swp", "a,b", "*"];
        foreach (var other in others)
        {
            await File.WriteAllTextAsync(_directory.File("tunnel_principals/" + other), "eve\n", Cancellation);
        }

        var settings = await EnableAsync(Key("two"), ("backup.tmp", ["ann"]));

        Assert.Equal(["backup.tmp: ann", "deploy: ann"], settings.Principals);
        Assert.Contains("Match User backup.tmp,deploy\n", await File.ReadAllTextAsync(DropIn, Cancellation), StringComparison.Ordinal);
        await DisableAsync(null);
        Assert.Equal(others.Order(), Directory.GetFiles(_directory.File("tunnel_principals")).Select(Path.GetFileName).Order());
    }

    [Fact]
    public async Task A_plan_says_its_lines_and_writes_none()
    {
        var (key, before) = (Key("one"), Files());

        var text = (await Sshd.PlanEnableAsync(key.ToString(), Principals(("deploy", ["ann"])), Cancellation)).Describe();

        foreach (var part in (string[])[DropIn, Authorities, "+ TrustedUserCAKeys", "+ " + key, "+ Match User deploy", "+ ann"])
        {
            Assert.Contains(part, text, StringComparison.Ordinal);
        }

        Assert.Equal(before, Files());
    }

    [Theory]
    [InlineData("../../etc/shadow", "ann")]
    [InlineData("*", "ann")]
    [InlineData("root,deploy", "ann")]
    [InlineData("deploy", "cert-authority ann")]
    [InlineData("deploy", "ann\nroot")]
    [InlineData("", "ann")]
    public async Task Names_that_mean_more_than_a_name_are_refused(string user, string principal)
    {
        var before = Files();

        await Assert.ThrowsAsync<SshdException>(() => EnableAsync(Key("one"), (user, [principal])));

        Assert.Equal(before, Files());
    }

    [Fact]
    public async Task A_line_that_is_no_key_is_refused() => await Assert.ThrowsAsync<SshdException>(
        () => Sshd.PlanEnableAsync("ssh-ed25519 AAAA\nPermitRootLogin yes", s_nobody, Cancellation));

    [DllImport("libc", EntryPoint = "umask")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern uint SetUmask(uint mask);

    /// <summary>A service manager that does as the script says.</summary>
    private SshdCertificates WithManager(string script)
    {
        var program = _programs.File("manager");
        File.WriteAllText(program, $"#!/bin/sh\n{script}\n");
        File.SetUnixFileMode(program, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        return new SshdCertificates(SshdOptions.For(Config) with { ServiceManager = program });
    }

    private static SshPublicKey Key(string comment)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return SshPublicKey.From(key.ExportParameters(includePrivateParameters: false), comment);
    }

    private static Dictionary<string, IReadOnlyList<string>> Principals(params (string User, string[] Names)[] users) =>
        users.ToDictionary(u => u.User, u => (IReadOnlyList<string>)u.Names);

    private async Task<SshdCertificateSettings> EnableAsync(SshPublicKey key, params (string User, string[] Names)[] users) =>
        await Sshd.ApplyAsync(await Sshd.PlanEnableAsync(key.ToString(), Principals(users), Cancellation), Cancellation);

    private async Task<SshdCertificateSettings> DisableAsync(SshPublicKey? key) =>
        await Sshd.ApplyAsync(await Sshd.PlanDisableAsync(key?.ToString(), Cancellation), Cancellation);

    private void Configure(bool withDropIns, string more = "") => File.WriteAllText(Config,
        (withDropIns ? $"# ours\nInclude {_directory.File("sshd_config.d")}/*.conf\n" : "# ours\n")
        + $"HostKey {_directory.File("host_key")}\n{more}\n");

    private Dictionary<string, string> Files() => Directory.EnumerateFileSystemEntries(_directory.FullName, "*", SearchOption.AllDirectories)
        .ToDictionary(path => Path.GetRelativePath(_directory.FullName, path), path => File.Exists(path) ? File.ReadAllText(path) : "");

    private async Task<Dictionary<string, string>> EffectiveAsync(string user = "root")
    {
        var result = await ProcessResult.RunAsync("/usr/sbin/sshd",
            ["-T", "-f", Config, "-C", $"user={user},host=h,addr=127.0.0.1,laddr=127.0.0.1,lport=22"]);
        Assert.True(result.ExitCode == 0, result.Error);
        return result.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split(' ', 2))
            .GroupBy(parts => parts[0]).ToDictionary(group => group.Key, group => group.First().ElementAtOrDefault(1) ?? "");
    }

    /// <summary>The umask is the whole process'.</summary>
    [CollectionDefinition(nameof(SshdCertificatesTests), DisableParallelization = true)]
    public sealed class Alone;
}
