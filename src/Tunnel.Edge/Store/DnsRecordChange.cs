namespace Tunnel.Edge.Store;

/// <summary>One step of a batch of changes to a zone's records.</summary>
public sealed record DnsRecordChange
{
    private DnsRecordChange(string? id, DnsRecord? record, Func<DnsRecord, DnsRecord>? change)
    {
        Id = id;
        New = record;
        Change = change;
    }

    /// <summary>The record that is changed or removed; null for a new one.</summary>
    public string? Id { get; }

    /// <summary>The record to be added.</summary>
    public DnsRecord? New { get; }

    /// <summary>Makes the changed record of the present one.</summary>
    public Func<DnsRecord, DnsRecord>? Change { get; }

    /// <summary>Adds a record.</summary>
    public static DnsRecordChange Add(DnsRecord record) => new(null, record, null);

    /// <summary>Changes a record.</summary>
    public static DnsRecordChange Edit(string id, Func<DnsRecord, DnsRecord> change) => new(id, null, change);

    /// <summary>Removes a record.</summary>
    public static DnsRecordChange Remove(string id) => new(id, null, null);
}
