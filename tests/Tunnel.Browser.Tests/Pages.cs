using System.Text.RegularExpressions;
using Microsoft.Playwright;

namespace Tunnel.Browser.Tests;

/// <summary>What a page is to those who look at it, hear it, or have a keyboard only.</summary>
internal static class Pages
{
    /// <summary>The heading, and what every page has to have.</summary>
    public static async Task AssertAsync(IPage page, string heading)
    {
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveTextAsync(heading);
        await Assertions.Expect(page.GetByRole(AriaRole.Main)).ToHaveCountAsync(1);
        await Assertions.Expect(page.GetByRole(AriaRole.Banner)).ToHaveCountAsync(1);
        await Assertions.Expect(page).ToHaveTitleAsync(new Regex(Regex.Escape(heading)));
        await Assertions.Expect(page.Locator("html")).ToHaveAttributeAsync("lang", "en");
        foreach (var field in await page.Locator("input:not([type=hidden]), a, button").AllAsync())
        {
            await Assertions.Expect(field).ToHaveAccessibleNameAsync(new Regex("."));
        }

        Assert.Equal(0, await page.Locator("script, [style], [onclick], iframe").CountAsync());
        // No line is wider than the window.
        Assert.True(await page.EvaluateAsync<bool>("document.documentElement.scrollWidth <= window.innerWidth"));
        // An id is there once, and what a label or a description names is there.
        Assert.Equal("", await page.EvaluateAsync<string>(
            """
            () => [...document.querySelectorAll('[id]')].map(e => e.id).filter((id, i, all) => all.indexOf(id) !== i)
              .concat([...document.querySelectorAll('[aria-describedby],[aria-labelledby],label[for]')]
                .flatMap(e => `${e.getAttribute('aria-describedby') ?? ''} ${e.getAttribute('aria-labelledby') ?? ''} ${e.htmlFor ?? ''}`.split(' '))
                .filter(id => id && !document.getElementById(id))).join(' ')
            """));
        // What one presses with a finger is 24 pixels high at least (WCAG 2.2, 2.5.8); links in a line of text need not be.
        Assert.Equal("", await page.EvaluateAsync<string>(
            """
            () => [...document.querySelectorAll('button, a, input:not([type=hidden]):not([type=radio])')]
              .filter(e => e.getBoundingClientRect().height < 18).map(e => e.outerHTML).join(' ')
            """));
        await Contrast.AssertAsync(page);
    }

    /// <summary>
    /// Types into the field that a page opens with. The browser gives the focus when it first draws the page, which is
    /// later than its load event: what is typed before goes nowhere.
    /// </summary>
    public static async Task TypeAsync(IPage page, string label, string text)
    {
        await Assertions.Expect(page.GetByLabel(label)).ToBeFocusedAsync();
        await page.Keyboard.TypeAsync(text);
    }

    /// <summary>Goes on with the Tab key until the element has the focus.</summary>
    public static async Task TabToAsync(IPage page, ILocator element)
    {
        await Assertions.Expect(element).ToBeVisibleAsync();
        for (var i = 0; i < 12; i++)
        {
            await page.Keyboard.PressAsync("Tab");
            if (await element.EvaluateAsync<bool>("e => e === document.activeElement"))
            {
                // Whoever sees must see where they are.
                Assert.NotEqual("none", await element.EvaluateAsync<string>("e => getComputedStyle(e).outlineStyle"));
                return;
            }
        }

        Assert.Fail($"The Tab key does not reach {element}.");
    }
}
