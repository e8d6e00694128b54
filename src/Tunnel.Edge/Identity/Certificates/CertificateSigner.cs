using System.Security.Cryptography;
using Microsoft.AspNetCore.Http;
using Tunnel.Edge.Store;
using Tunnel.Protocol.Ssh;

namespace Tunnel.Edge.Identity.Certificates;

/// <summary>Certifies keys of people for minutes, by the authority of the application that they were let into.</summary>
internal sealed class CertificateSigner(SshAuthorityTable authorities, TimeProvider time)
{
    /// <summary>Long enough to log in with; a session that stands goes on after it.</summary>
    private static readonly TimeSpan s_life = TimeSpan.FromMinutes(3);

    /// <summary>For servers whose clocks are behind.</summary>
    private static readonly TimeSpan s_before = TimeSpan.FromMinutes(1);

    /// <summary>Signs for the person whom the token proves; never for longer than that token.</summary>
    /// <exception cref="CertificateRefusedException">The application signs none, or not for this person or key.</exception>
    public SshCertificate Sign(ShownToken shown, string publicKey)
    {
        if (shown.Identity.Email is not { } email)
        {
            throw new CertificateRefusedException(StatusCodes.Status403Forbidden,
                "A certificate names a person, and a service token is none. Let machines log in by keys of their own.");
        }

        var authority = authorities.Get(shown.Application.Id) ?? throw new CertificateRefusedException(
            StatusCodes.Status404NotFound,
            $"{shown.Application.Name} has no authority for SSH certificates. Make one with New-SshCertificateAuthority.");
        var now = time.GetUtcNow();
        var end = now + s_life < shown.ExpiresAt ? now + s_life : shown.ExpiresAt;
        var content = new SshCertificateContent(ReadKey(publicKey), email, [PrincipalOf(email)], now - s_before, end)
        {
            Serial = BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(sizeof(ulong))),
        };
        using var key = ECDsa.Create();
        key.ImportPkcs8PrivateKey(authority.PrivateKey, out _);
        return SshCertificate.Sign(content, key);
    }

    /// <summary>The part before the <c>@</c>, as Cloudflare's authorities have it: the user to log in as.</summary>
    private static string PrincipalOf(string email)
    {
        var name = email[..Math.Max(email.LastIndexOf('@'), 0)];
        // Nothing that sshd's lists of principals, or a shell that sees a user name, takes for more than a name.
        return name.Length is > 0 and <= 64 && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-' or '+') && name[0] != '-'
            ? name
            : throw new CertificateRefusedException(
                StatusCodes.Status403Forbidden, "The part of the address before the @ cannot be a user name.");
    }

    private static SshPublicKey ReadKey(string line)
    {
        try
        {
            var key = SshPublicKey.Parse(line);
            key.EnsureStrong();
            return key;
        }
        catch (SshKeyFormatException error)
        {
            throw new CertificateRefusedException(StatusCodes.Status400BadRequest, error.Message);
        }
    }
}
