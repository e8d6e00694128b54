using System.Security.Cryptography;
using System.Text;
using Tunnel.Edge.Store;

namespace Tunnel.Edge.Pages;

/// <summary>The one style sheet. It stands in the page, and the policy lets in only what has its hash.</summary>
internal static class PageStyle
{
    /// <summary>The text between the style tags.</summary>
    public static Html Element { get; } = Html.Of(
        $$$"""
        :root{color-scheme:light dark;--back:#f3f4f7;--card:#fff;--text:#1b1f27;--soft:#596273;--line:#8a93a5;--rule:#dfe3ea;--main:#1a56c4;--on-main:#fff;--tint:#eef3fd;--wrong:#b3261e;--wrong-back:#fdf0ef}
        @media (prefers-color-scheme:dark){:root{--back:#12151b;--card:#1b2029;--text:#e8ebf1;--soft:#a5afc0;--line:#6d788c;--rule:#323a48;--main:#8ab4ff;--on-main:#0b1a33;--tint:#212b3d;--wrong:#ffb4ab;--wrong-back:#37201f}}
        *{box-sizing:border-box}
        html{font:100%/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans","Liberation Sans",sans-serif}
        body{margin:0;min-height:100vh;background:var(--back);color:var(--text);display:flex;flex-direction:column;align-items:center;padding:8vh 1rem 2rem}
        header,main,footer{width:100%;max-width:30rem}
        header img{display:block;max-width:12rem;max-height:4rem;margin:0 0 .75rem 2rem}
        header p,footer p{margin:0 0 .75rem;padding:0 2rem;color:var(--soft);font-weight:600;overflow-wrap:anywhere}
        footer p{margin:.75rem 0 0;font-weight:400;font-size:.875rem}
        main{background:var(--card);border:1px solid var(--rule);border-radius:.75rem;padding:1.75rem 2rem 2rem}
        h1{margin:0 0 .75rem;font-size:1.5rem;line-height:1.25;overflow-wrap:anywhere}
        h2{margin:0 0 .25rem;font-size:1rem}
        p{margin:0 0 1rem;overflow-wrap:anywhere}
        a{color:var(--main)}
        code{font-family:ui-monospace,"Cascadia Mono","Liberation Mono",Menlo,Consolas,monospace;overflow-wrap:anywhere}
        dl{margin:0 0 1.25rem;padding:.25rem 1rem;background:var(--tint);border-radius:.5rem}
        dl div{padding:.5rem 0;border-top:1px solid var(--rule)}
        dl div:first-child{border-top:0}
        dt{color:var(--soft);font-size:.875rem}
        dd{margin:0;font-weight:600;overflow-wrap:anywhere}
        form{margin:1.25rem 0 0}
        .field{margin:0 0 1.25rem}
        label,legend{font-weight:600}
        .hint{margin:.125rem 0 0;color:var(--soft);font-size:.875rem}
        .wrong{margin:.125rem 0 0;color:var(--wrong);font-size:.875rem;font-weight:600}
        input:not([type=radio]):not([type=hidden]){display:block;width:100%;margin-top:.375rem;padding:.625rem .75rem;font:inherit;color:inherit;background:var(--card);border:1px solid var(--line);border-radius:.5rem}
        input[aria-invalid=true]:not([type=radio]){border:2px solid var(--wrong)}
        fieldset{margin:0 0 1.25rem;padding:0;border:0;min-width:0}
        legend{padding:0;margin-bottom:.5rem}
        .choice{display:flex;gap:.75rem;align-items:flex-start;margin-top:.5rem;padding:.625rem .75rem;border:1px solid var(--rule);border-radius:.5rem;font-weight:400;cursor:pointer;overflow-wrap:anywhere}
        .choice:has(:checked){border-color:var(--main);background:var(--tint)}
        .choice input{flex:none;width:1.125rem;height:1.125rem;margin:.1875rem 0 0;accent-color:var(--main)}
        .detail{display:block;color:var(--soft);font-size:.875rem}
        .buttons{display:flex;flex-wrap:wrap;gap:.75rem}
        button{padding:.625rem 1.25rem;font:inherit;font-weight:600;color:var(--on-main);background:var(--main);border:1px solid var(--main);border-radius:.5rem;cursor:pointer}
        button.secondary{color:var(--main);background:transparent}
        .ways{list-style:none;margin:1.25rem 0 0;padding:0;display:grid;gap:.75rem}
        .button{display:block;padding:.625rem 1.25rem;font-weight:600;text-align:center;text-decoration:none;color:var(--main);border:1px solid var(--main);border-radius:.5rem;overflow-wrap:anywhere}
        .or{display:flex;align-items:center;gap:.75rem;margin:1.5rem 0 0;color:var(--soft);font-size:.875rem}
        .or::before,.or::after{content:"";flex:1;border-top:1px solid var(--rule)}
        .more{margin:1.25rem 0 0}
        main>:last-child{margin-bottom:0}
        input.code:not([type=hidden]):not([type=radio]){font-size:1.5rem;font-variant-numeric:tabular-nums;letter-spacing:.3em;max-width:14rem}
        @media (hover:hover){button:hover,.button:hover{filter:brightness(1.08)}.button:hover,.secondary:hover,.choice:hover{background:var(--tint)}}
        @media (max-width:30rem){body{padding:1.5rem .75rem}main{padding:1.25rem 1.25rem 1.5rem}h1{font-size:1.25rem}header p,footer p{padding:0 1.25rem}header img{margin-left:1.25rem}.buttons button{flex:1 1 auto}}
        @media (forced-colors:active){button,.button{border-color:ButtonText}}
        .errors{margin:0 0 1.25rem;padding:.75rem 1rem;color:var(--text);background:var(--wrong-back);border:1px solid var(--wrong);border-left-width:.375rem;border-radius:.5rem}
        .errors ul{margin:0;padding-left:1.25rem}
        .errors a{color:inherit}
        :focus-visible,.errors:focus{outline:3px solid var(--main);outline-offset:2px}
        """);

    /// <summary>The colours around a page's card, as a style sheet of their own; empty for the edge's.</summary>
    public static Html Of(LoginDesign? design) =>
        (design?.BackgroundColor is { } back ? Html.Of($$"""body{background:{{back}}}""") : Html.Empty)
        + (design?.TextColor is { } text ? Html.Of($$"""header p,footer p{color:{{text}}}""") : Html.Empty);

    /// <summary>For <c>style-src</c> (CSP 3, hash-source).</summary>
    public static string HashSource { get; } = HashOf(Element);

    /// <summary>The sources that let a page's style sheets in, and no other.</summary>
    public static string HashSources(LoginDesign? design) =>
        Of(design) is { IsEmpty: false } own ? $"{HashSource} {HashOf(own)}" : HashSource;

    private static string HashOf(Html style) => $"'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(style.ToString())))}'";
}
