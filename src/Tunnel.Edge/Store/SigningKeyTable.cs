using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Data.Sqlite;
using Microsoft.IdentityModel.Tokens;

namespace Tunnel.Edge.Store;

/// <summary>
/// The keys that sign application tokens: one that signs, and the one before it, whose tokens count for
/// <see cref="SigningKeyRotation.Overlap"/> longer. A key is replaced when it has become old, at the next look at it.
/// </summary>
public sealed class SigningKeyTable
{
    private const int KeyBits = 2048;

    private readonly EdgeDatabase _database;
    private readonly TimeProvider _time;
    private readonly Lock _changing = new();
    private Known? _known;

    internal SigningKeyTable(EdgeDatabase database, TimeProvider time) => (_database, _time) = (database, time);

    /// <summary>The key that signs first, then the one before it while its tokens count.</summary>
    public IReadOnlyList<SigningKeyRecord> Current() => Look().Keys;

    /// <summary>When the key was replaced, and when it will be.</summary>
    public SigningKeyRotation Rotation() => Look().Rotation;

    /// <summary>Replaces the key now. Tokens of the key before the present one count no more.</summary>
    public SigningKeyRotation Rotate()
    {
        lock (_changing)
        {
            return Replace(Load()).Rotation;
        }
    }

    /// <summary>Changes how often the key is replaced.</summary>
    public SigningKeyRotation SetInterval(int days)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(days, SigningKeyRotation.MinDays);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(days, SigningKeyRotation.MaxDays);
        lock (_changing)
        {
            _database.WriteApart(c => c.Execute("UPDATE organizations SET key_rotation_days = $days", ("$days", days)));
            _known = null;
        }

        return Rotation();
    }

    /// <summary>Takes the key of an earlier version, which was a file, so that its tokens go on counting.</summary>
    internal void Import(string pem)
    {
        using var key = RSA.Create();
        key.ImportFromPem(pem);
        lock (_changing)
        {
            if (Load().Keys.Count == 0)
            {
                Insert(key, replaced: null);
            }
        }
    }

    private Known Look()
    {
        var now = _time.GetUtcNow();
        if (Volatile.Read(ref _known) is { } known && now < known.Until)
        {
            return known;
        }

        lock (_changing)
        {
            known = Load();
            known = known.Keys.Count == 0 || now >= known.Rotation.NextAt ? Replace(known) : known;
            Volatile.Write(ref _known, known);
            return known;
        }
    }

    private Known Replace(Known present)
    {
        using var key = RSA.Create(KeyBits);
        Insert(key, present.Keys.Count == 0 ? null : present.Keys[0].Id);
        var known = Load();
        Volatile.Write(ref _known, known);
        return known;
    }

    private void Insert(RSA key, string? replaced)
    {
        var now = _time.GetUtcNow();
        // RFC 7638: the key's name is the hash of its public half, so it never names another key.
        var id = Convert.ToHexStringLower(new RsaSecurityKey(key.ExportParameters(includePrivateParameters: false)).ComputeJwkThumbprint());
        var secret = key.ExportPkcs8PrivateKey();
        try
        {
            _database.WriteApart(c =>
            {
                c.Execute("DELETE FROM access_signing_keys WHERE id <> $replaced", ("$replaced", replaced ?? ""));
                c.Execute("UPDATE access_signing_keys SET retires_at = $at", ("$at", StoreTime.ToText(now + SigningKeyRotation.Overlap)));
                return c.Execute(
                    "INSERT INTO access_signing_keys (id, private_key, certificate, created_at) VALUES ($id, $key, $certificate, $now)",
                    ("$id", id), ("$key", secret), ("$certificate", Certify(key, OrganizationTable.Find(c).AuthDomain, now)),
                    ("$now", StoreTime.ToText(now)));
            });
        }
        finally
        {
            CryptographicOperations.ZeroMemory(secret);
        }
    }

    private static string Certify(RSA key, string name, DateTimeOffset now)
    {
        var subject = new X500DistinguishedNameBuilder();
        subject.AddCommonName(name.Length > 64 ? name[..64] : name); // RFC 5280, ub-common-name
        using var certificate = new CertificateRequest(subject.Build(), key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)
            .CreateSelfSigned(now, now.AddDays(SigningKeyRotation.MaxDays) + SigningKeyRotation.Overlap);
        return certificate.ExportCertificatePem() + "\n";
    }

    private Known Load()
    {
        var now = _time.GetUtcNow();
        return _database.Read(c =>
        {
            var keys = c.Rows(
                "SELECT id, private_key, certificate, created_at, retires_at FROM access_signing_keys ORDER BY retires_at IS NOT NULL", Read)
                .Where(k => k.RetiresAt is not { } end || now < end).ToArray();
            var days = (int)c.Scalar("SELECT key_rotation_days FROM organizations");
            var rotation = new SigningKeyRotation(days, keys.Length == 0 ? now : keys[0].CreatedAt);
            return new Known(keys, rotation, keys.Select(k => k.RetiresAt).OfType<DateTimeOffset>().Append(rotation.NextAt).Min());
        });
    }

    private static SigningKeyRecord Read(SqliteDataReader row) => new()
    {
        Id = row.GetString(0),
        PrivateKey = row.GetFieldValue<byte[]>(1),
        Certificate = row.GetString(2),
        CreatedAt = row.Time(3),
        RetiresAt = row.OptionalTime(4),
    };

    private sealed record Known(IReadOnlyList<SigningKeyRecord> Keys, SigningKeyRotation Rotation, DateTimeOffset Until);
}
