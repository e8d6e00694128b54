using Microsoft.Playwright;

namespace Tunnel.Browser.Tests;

/// <summary>Pictures for people, in the folder that the variable <c>SCREENSHOTS</c> names; none without it.</summary>
internal static class Screenshots
{
    public static async Task TakeAsync(IPage page, string name)
    {
        if (Environment.GetEnvironmentVariable("SCREENSHOTS") is { Length: > 0 } folder)
        {
            await page.ScreenshotAsync(new PageScreenshotOptions { Path = Path.Combine(folder, name + ".png"), FullPage = true });
        }
    }
}
