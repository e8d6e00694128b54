using System.Security.Cryptography;
using Microsoft.IdentityModel.Tokens;
using Tunnel.Edge.Store;

namespace Tunnel.Edge.Identity;

/// <summary>An RSA key that application tokens are, or until lately were, signed with.</summary>
internal sealed class SigningKey : IDisposable
{
    private readonly RSA _rsa = RSA.Create();

    public SigningKey(SigningKeyRecord record)
    {
        _rsa.ImportPkcs8PrivateKey(record.PrivateKey.Span, out _);
        Id = record.Id;
        Certificate = record.Certificate;
        // The library's own cache goes by the key's name for the whole process: after a restart of an edge in it, it would
        // sign with a key that is disposed.
        var factory = new CryptoProviderFactory { CacheSignatureProviders = false };
        Credentials = new SigningCredentials(
            new RsaSecurityKey(_rsa) { KeyId = Id, CryptoProviderFactory = factory }, SecurityAlgorithms.RsaSha256);
        PublicKey = _rsa.ExportParameters(includePrivateParameters: false);
    }

    public string Id { get; }

    /// <summary>PEM.</summary>
    public string Certificate { get; }

    public SigningCredentials Credentials { get; }

    public RSAParameters PublicKey { get; }

    public void Dispose() => _rsa.Dispose();
}
