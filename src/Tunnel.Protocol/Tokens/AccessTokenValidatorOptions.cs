namespace Tunnel.Protocol.Tokens;

/// <summary>What an <see cref="AccessTokenValidator"/> accepts.</summary>
public sealed record AccessTokenValidatorOptions
{
    /// <summary>The team's address, compared exactly: <c>https://team.cloudflareaccess.com</c>.</summary>
    public required string Issuer { get; init; }

    /// <summary>The audience tags of the application, compared exactly; a token must be for one of them.</summary>
    public required IReadOnlyList<string> Audiences { get; init; }

    /// <summary>The team's keys.</summary>
    public required AccessTokenKeys Keys { get; init; }

    /// <summary>By how much clocks may differ: 0 to 60 seconds.</summary>
    public TimeSpan ClockSkew { get; init; } = TimeSpan.FromSeconds(30);

    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;
}
