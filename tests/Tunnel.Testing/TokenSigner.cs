using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Data.Sqlite;

namespace Tunnel.Testing;

/// <summary>Makes tokens, good and bad, with nothing but the framework's RSA: a team's key, or that of who plays one.</summary>
/// <param name="keyId">What its tokens' headers name.</param>
/// <param name="key">Null: a new one.</param>
public sealed class TokenSigner(string keyId, RSA? key = null) : IDisposable
{
    public RSA Key { get; } = key ?? RSA.Create(2048);

    public JsonObject Header => new() { ["alg"] = "RS256", ["kid"] = keyId, ["typ"] = "JWT" };

    public KeyValuePair<string, RSAParameters> PublicKey => new(keyId, Key.ExportParameters(false));

    /// <summary>The key that an edge signs with: what a test could never have outside of this machine.</summary>
    public static TokenSigner OfEdge(EdgeLab lab, string token)
    {
        var id = HeaderOf(token)["kid"]!.GetValue<string>();
        using var store = new SqliteConnection($"Data Source={Path.Combine(lab.StateDirectory, "edge.db")};Mode=ReadOnly;Pooling=False");
        store.Open();
        using var command = store.CreateCommand();
        command.CommandText = "SELECT private_key FROM access_signing_keys WHERE id = $id";
        command.Parameters.AddWithValue("$id", id);
        var key = RSA.Create();
        key.ImportPkcs8PrivateKey((byte[])command.ExecuteScalar()!, out _);
        return new TokenSigner(id, key);
    }

    public static JsonObject HeaderOf(string token) => (JsonObject)JsonNode.Parse(Base64Url.DecodeFromChars(token.Split('.')[0]))!;

    public static JsonObject ClaimsOf(string token) => (JsonObject)JsonNode.Parse(Base64Url.DecodeFromChars(token.Split('.')[1]))!;

    public string Sign(JsonObject claims, JsonObject? header = null) =>
        Sign(claims, header ?? Header, signed => Key.SignData(signed, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1));

    public static string Sign(JsonObject claims, JsonObject header, Func<byte[], byte[]> sign)
    {
        ArgumentNullException.ThrowIfNull(sign);
        var signed = $"{Encode(header)}.{Encode(claims)}";
        return $"{signed}.{Base64Url.EncodeToString(sign(Encoding.ASCII.GetBytes(signed)))}";
    }

    public void Dispose() => Key.Dispose();

    private static string Encode(JsonObject json) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(json.ToJsonString()));
}
