using System.Text;
using System.Text.Json.Nodes;
using Tunnel.Edge.Store;
using Tunnel.Protocol.Tokens;

namespace Tunnel.Edge.Identity;

/// <summary>The keys of the moment, ready for use: see <see cref="SigningKeyTable"/>.</summary>
internal sealed class SigningKeys(SigningKeyTable table) : IDisposable
{
    private readonly Lock _loading = new();
    private readonly Dictionary<string, SigningKey> _all = new(StringComparer.Ordinal);
    private Ring? _ring;

    /// <summary>The key that signs.</summary>
    public SigningKey Signing => Look().Keys[0];

    /// <summary>The public halves of all keys whose tokens count.</summary>
    public AccessTokenKeys Accepted => Look().Accepted;

    /// <summary>What <c>/cdn-cgi/access/certs</c> answers: the keys (RFC 7517), and the same as certificates.</summary>
    public byte[] Document => Look().Document;

    public void Dispose()
    {
        foreach (var key in _all.Values)
        {
            key.Dispose();
        }
    }

    private Ring Look()
    {
        var records = table.Current();
        if (Volatile.Read(ref _ring) is { } ring && ReferenceEquals(ring.Records, records))
        {
            return ring;
        }

        lock (_loading)
        {
            var keys = records.Select(KeyOf).ToArray();
            var accepted = new AccessTokenKeys(keys.Select(k => KeyValuePair.Create(k.Id, k.PublicKey)));
            ring = new Ring(records, keys, accepted, Describe(keys, accepted));
            Volatile.Write(ref _ring, ring);
            return ring;
        }
    }

    // A key that has just retired may still be signing for somebody: all are kept until the end.
    private SigningKey KeyOf(SigningKeyRecord record)
    {
        if (!_all.TryGetValue(record.Id, out var key))
        {
            _all[record.Id] = key = new SigningKey(record);
        }

        return key;
    }

    private static byte[] Describe(SigningKey[] keys, AccessTokenKeys accepted)
    {
        var document = (JsonObject)JsonNode.Parse(accepted.ToJson())!;
        document["public_cert"] = Certificate(keys[0]);
        document["public_certs"] = new JsonArray([.. keys.Select(Certificate)]);
        return Encoding.UTF8.GetBytes(document.ToJsonString());
    }

    private static JsonObject Certificate(SigningKey key) => new() { ["kid"] = key.Id, ["cert"] = key.Certificate };

    private sealed record Ring(
        IReadOnlyList<SigningKeyRecord> Records, IReadOnlyList<SigningKey> Keys, AccessTokenKeys Accepted, byte[] Document);
}
