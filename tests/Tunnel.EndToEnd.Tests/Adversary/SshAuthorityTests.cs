using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Microsoft.Data.Sqlite;
using Tunnel.Core.Api;
using Tunnel.Protocol.Ssh;
using Tunnel.Testing;

namespace Tunnel.EndToEnd.Tests.Adversary;

/// <summary>The key of an application's SSH authority is for SSH certificates: what else it signs opens nothing.</summary>
public sealed class SshAuthorityTests(AdversaryLab lab) : IClassFixture<AdversaryLab>
{
    private const string Host = AdversaryLab.Hostname;

    [Fact]
    public async Task It_signs_no_token_whatever_algorithm_and_key_the_header_names()
    {
        var authority = await lab.Lab.Api.SshAuthorities.CreateAsync(lab.Account, lab.Application.Id);
        var token = await lab.MachineTokenAsync(Host, lab.Machine);
        using var key = KeyOf(authority);
        Assert.Equal(SshPublicKey.Parse(authority.PublicKey!).Fingerprint, SshPublicKey.From(key.ExportParameters(false)).Fingerprint);
        string[] keyIds =
        [
            TokenSigner.HeaderOf(token)["kid"]!.GetValue<string>(), authority.Id!, SshPublicKey.Parse(authority.PublicKey!).Fingerprint, "",
        ];

        foreach (var keyId in keyIds)
        {
            foreach (var algorithm in (string[])["ES256", "RS256", "HS256", "none"])
            {
                var header = new JsonObject { ["alg"] = algorithm, ["typ"] = "JWT", ["kid"] = keyId };
                foreach (var format in (DSASignatureFormat[])[DSASignatureFormat.IeeeP1363FixedFieldConcatenation, DSASignatureFormat.Rfc3279DerSequence])
                {
                    await AssertRefusedAsync(TokenSigner.Sign(TokenSigner.ClaimsOf(token), header, d => key.SignData(d, HashAlgorithmName.SHA256, format)));
                }

                // And the public key, which every server has, as a secret.
                await AssertRefusedAsync(TokenSigner.Sign(TokenSigner.ClaimsOf(token), header, d => HMACSHA256.HashData(
                    System.Text.Encoding.ASCII.GetBytes(authority.PublicKey!), d)));
            }
        }
    }

    private async Task AssertRefusedAsync(string token)
    {
        foreach (var header in (string[])["Cf-Access-Token: ", "Cookie: CF_Authorization="])
        {
            var status = await lab.AssertUnseen(() => RawVisitor.SendAsync(
                lab.Lab, Host, $"GET / HTTP/1.1\r\nHost: {Host}\r\n{header}{token}\r\n{RawVisitor.Upgrade}\r\n"));
            Assert.True(status is 302 or 401 or 403, $"{header}{token}: {status}");
        }
    }

    private ECDsa KeyOf(SshAuthority authority)
    {
        using var store = new SqliteConnection($"Data Source={Path.Combine(lab.Lab.StateDirectory, "edge.db")};Mode=ReadOnly;Pooling=False");
        store.Open();
        using var command = store.CreateCommand();
        command.CommandText = "SELECT private_key FROM ssh_authorities WHERE id = $id";
        command.Parameters.AddWithValue("$id", authority.Id);
        var key = ECDsa.Create();
        key.ImportPkcs8PrivateKey((byte[])command.ExecuteScalar()!, out _);
        return key;
    }
}
