using System.Security.Cryptography;
using System.Text;
using Microsoft.IdentityModel.Tokens;
using Tunnel.Edge.Store;

namespace Tunnel.Edge.Identity;

/// <summary>The RSA key that application tokens are signed with; made at the first start, kept in the state folder.</summary>
internal sealed class SigningKey : IDisposable
{
    private readonly RSA _rsa;

    private SigningKey(RSA rsa)
    {
        _rsa = rsa;
        var parameters = rsa.ExportParameters(includePrivateParameters: false);
        // RFC 7638: the key's name is the hash of its public half, so it never names another key.
        var bare = new RsaSecurityKey(parameters);
        Id = Convert.ToHexStringLower(bare.ComputeJwkThumbprint());
        Credentials = new SigningCredentials(new RsaSecurityKey(rsa) { KeyId = Id }, SecurityAlgorithms.RsaSha256);
        PublicKey = parameters;
    }

    public string Id { get; }

    public SigningCredentials Credentials { get; }

    public RSAParameters PublicKey { get; }

    public static SigningKey Open(string directory)
    {
        var path = Path.Combine(directory, "access-key.pem");
        if (!File.Exists(path))
        {
            using var fresh = RSA.Create(2048);
            PrivateFile.Write(path, fresh.ExportPkcs8PrivateKeyPem());
        }

        var rsa = RSA.Create();
        rsa.ImportFromPem(File.ReadAllText(path));
        return new SigningKey(rsa);
    }

    /// <summary>A key for something else that only this edge may make, the same after a restart.</summary>
    public byte[] Derive(string purpose) =>
        HKDF.DeriveKey(HashAlgorithmName.SHA256, _rsa.ExportPkcs8PrivateKey(), 32, info: Encoding.UTF8.GetBytes(purpose));

    public void Dispose() => _rsa.Dispose();
}
