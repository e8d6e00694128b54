using Microsoft.Playwright;

namespace Tunnel.Browser.Tests;

/// <summary>Whether people with weaker eyes can read a page (WCAG 2.2, 1.4.3: 4.5 to 1).</summary>
internal static class Contrast
{
    private const string Poorest =
        """
        () => {
          const parse = c => c.match(/[\d.]+/g).map(Number);
          const light = ([r, g, b]) => [r, g, b].map(v => v / 255)
            .map(v => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
            .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
          const back = e => { for (; e; e = e.parentElement) {
            const c = parse(getComputedStyle(e).backgroundColor); if (c.length < 4 || c[3] > 0) return c; } return [255, 255, 255]; };
          let worst = { ratio: 99, text: '' };
          for (const e of document.querySelectorAll('body *')) {
            const own = [...e.childNodes].some(n => n.nodeType === 3 && n.data.trim()) || e.matches('input');
            if (!own || e.type === 'hidden') continue;
            const a = light(parse(getComputedStyle(e).color)), b = light(back(e));
            const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
            if (ratio < worst.ratio) worst = { ratio, text: e.textContent.trim().slice(0, 40) };
          }
          return worst.ratio.toFixed(2) + ' ' + worst.text;
        }
        """;

    public static async Task AssertAsync(IPage page)
    {
        var poorest = await page.EvaluateAsync<string>(Poorest);
        var ratio = double.Parse(poorest.Split(' ')[0], System.Globalization.CultureInfo.InvariantCulture);
        Assert.True(ratio >= 4.5, $"Hard to read: {poorest}");
    }
}
