using Microsoft.Playwright;

namespace Tunnel.Browser.Tests;

/// <summary>
/// The system's Chromium: what the variable <c>CHROMIUM</c> names, else one on the path. Tests that need it are skipped,
/// and say so, where there is none or Playwright's driver cannot run.
/// </summary>
public sealed class Chromium : IAsyncLifetime
{
    private static readonly string[] s_names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome"];

    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    private IPlaywright? _playwright;
    private IBrowser? _browser;
    private string? _whyNot;

    public async ValueTask InitializeAsync()
    {
        if (Find() is not { } path)
        {
            _whyNot = "Chromium is neither on the path nor named by the variable CHROMIUM (Debian: apt-get install chromium)";
            return;
        }

        try
        {
            _playwright = await Playwright.CreateAsync();
            // A busy machine takes longer than the five seconds that are the default.
            Assertions.SetDefaultExpectTimeout((float)s_patience.TotalMilliseconds);
            _browser = await _playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
            {
                ExecutablePath = path,
                // Its sandbox does not start as root, as tests in containers are run.
                ChromiumSandbox = !Environment.IsPrivilegedProcess,
                // Its 300 MB come from a disk that the build before has filled the memory from: half a minute, Playwright's
                // own limit, has been too short.
                Timeout = 180_000,
                // The edge's hostnames; addresses name its port.
                Args = ["--host-resolver-rules=MAP *.test 127.0.0.1"],
            });
        }
        catch (Exception e) when (e is PlaywrightException or TimeoutException or System.ComponentModel.Win32Exception or IOException)
        {
            _whyNot = $"Playwright cannot drive {path}: {e.Message}";
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_browser is not null)
        {
            await _browser.DisposeAsync();
        }

        _playwright?.Dispose();
    }

    /// <summary>
    /// A window of a fresh profile, in which no script of a page runs: the pages must not need any. Certificates of the
    /// test's own edge are taken as they are.
    /// </summary>
    public async Task<IPage> OpenAsync(ColorScheme scheme = ColorScheme.Light, int width = 1000, int height = 900)
    {
        Assert.SkipWhen(_browser is null, _whyNot ?? "");
        var context = await _browser!.NewContextAsync(new BrowserNewContextOptions
        {
            IgnoreHTTPSErrors = true,
            JavaScriptEnabled = false,
            ColorScheme = scheme,
            ReducedMotion = ReducedMotion.Reduce,
            ViewportSize = new ViewportSize { Width = width, Height = height },
        });
        context.SetDefaultTimeout((float)s_patience.TotalMilliseconds);
        return await context.NewPageAsync();
    }

    private static string? Find() => Environment.GetEnvironmentVariable("CHROMIUM") is { Length: > 0 } given
        ? given
        : (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
            .SelectMany(folder => s_names.Select(name => Path.Combine(folder, OperatingSystem.IsWindows() ? name + ".exe" : name)))
            .FirstOrDefault(File.Exists);
}
