using System.Security.Cryptography;
using System.Text;
namespace Tunnel.Edge.Store;

/// <summary>
/// The state of an embedded edge that outlives its process: SQLite in a directory of its own. All members may be called
/// from any thread; writes run one at a time. Dispose it after the last request.
/// </summary>
public sealed class EdgeStore : IDisposable
{
    /// <summary>The name of the token that the first start makes.</summary>
    public const string AdminTokenName = "admin";

    private readonly EdgeDatabase _database;
    private GatewaySnapshot? _snapshot;

    private EdgeStore(EdgeDatabase database, EdgeStoreOptions options, AccountRecord account, string? initialApiToken)
    {
        _database = database;
        StateDirectory = Path.GetFullPath(options.StateDirectory);
        Account = account;
        UserId = Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes("user of " + account.Id)).AsSpan(0, 16));
        InitialApiToken = initialApiToken;
        Organization = new OrganizationTable(database);
        ApiTokens = new ApiTokenTable(database, account.Id, options.TimeProvider);
        Zones = new ZoneTable(database);
        DnsRecords = new DnsRecordTable(database);
        Tunnels = new TunnelTable(database);
        Applications = new AccessApplicationTable(database);
        Policies = new AccessPolicyTable(database, account.Id);
        ReusablePolicies = new ReusablePolicyTable(database, account.Id);
        Groups = new AccessGroupTable(database);
        Lists = new AccessListTable(database);
        ServiceTokens = new ServiceTokenTable(database);
        IdentityProviders = new IdentityProviderTable(database);
        Certificates = new AccessCertificateTable(database);
        SshAuthorities = new SshAuthorityTable(database, options.TimeProvider);
        SigningKeys = new SigningKeyTable(database, options.TimeProvider);
        AccessRequests = new AccessRequestLog(database, options);
        Users = new AccessUserTable(database, account.Id);
        Sessions = new AccessSessions(database, account.Id, options.TimeProvider);
        Approvals = new AccessApprovals(database, options.TimeProvider);
    }

    /// <summary>Where the state lies.</summary>
    public string StateDirectory { get; }

    /// <summary>The account, made at the first start.</summary>
    public AccountRecord Account { get; }

    /// <summary>The identifier of the one user, who owns the account: 32 hex characters that follow from the account's.</summary>
    public string UserId { get; }

    /// <summary>
    /// The value of the admin token when this start made it; null at every later start, since only its hash is kept.
    /// </summary>
    public string? InitialApiToken { get; }

    /// <summary>The organisation.</summary>
    public OrganizationTable Organization { get; }

    /// <summary>API tokens.</summary>
    public ApiTokenTable ApiTokens { get; }

    /// <summary>Zones.</summary>
    public ZoneTable Zones { get; }

    /// <summary>DNS records.</summary>
    public DnsRecordTable DnsRecords { get; }

    /// <summary>Tunnels and their configurations.</summary>
    public TunnelTable Tunnels { get; }

    /// <summary>Access applications.</summary>
    public AccessApplicationTable Applications { get; }

    /// <summary>Policies as applications hold them.</summary>
    public AccessPolicyTable Policies { get; }

    /// <summary>Policies that several applications can hold.</summary>
    public ReusablePolicyTable ReusablePolicies { get; }

    /// <summary>Access groups.</summary>
    public AccessGroupTable Groups { get; }

    /// <summary>Lists that rules name.</summary>
    public AccessListTable Lists { get; }

    /// <summary>Service tokens.</summary>
    public ServiceTokenTable ServiceTokens { get; }

    /// <summary>Where people may sign in.</summary>
    public IdentityProviderTable IdentityProviders { get; }

    /// <summary>The authorities whose client certificates are asked for.</summary>
    public AccessCertificateTable Certificates { get; }

    /// <summary>The keys that sign short-lived SSH certificates.</summary>
    public SshAuthorityTable SshAuthorities { get; }

    /// <summary>The keys that sign application tokens.</summary>
    public SigningKeyTable SigningKeys { get; }

    /// <summary>What Access decided.</summary>
    public AccessRequestLog AccessRequests { get; }

    /// <summary>People who have signed in, and their failed tries.</summary>
    public AccessUserTable Users { get; }

    /// <summary>Who is signed in now. Not part of <see cref="Snapshot"/>: a sign-in changes nothing for others.</summary>
    public AccessSessions Sessions { get; }

    /// <summary>Who asked for an approval, and what was said. Not part of <see cref="Snapshot"/> either.</summary>
    public AccessApprovals Approvals { get; }

    /// <summary>Grows with each committed write that changed anything. Counts from this start on.</summary>
    public long Revision => _database.Revision;

    /// <summary>
    /// What the gateway decides by. Loaded anew only when something was written since; a change that the API has
    /// answered is always in it.
    /// </summary>
    public GatewaySnapshot Snapshot
    {
        get
        {
            var snapshot = Volatile.Read(ref _snapshot);
            if (snapshot is null || snapshot.Revision != Revision)
            {
                snapshot = LoadSnapshot();
                Volatile.Write(ref _snapshot, snapshot);
            }

            return snapshot;
        }
    }

    /// <summary>Opens the store, and at the first start makes the account, its organisation with a one-time PIN, and the admin token.</summary>
    /// <exception cref="EdgeStoreException">
    /// Another edge uses the directory, or the database is damaged or of a later version.
    /// </exception>
    public static EdgeStore Open(EdgeStoreOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        var database = EdgeDatabase.Open(options.StateDirectory, options.BusyTimeout);
        try
        {
            var (account, token) = LoadOrCreateAccount(database, options);
            return new EdgeStore(database, options, account, token);
        }
        catch
        {
            database.Dispose();
            throw;
        }
    }

    /// <summary>Reads a snapshot from the database; see <see cref="Snapshot"/> for the cached one.</summary>
    public GatewaySnapshot LoadSnapshot()
    {
        // Read before the transaction begins: a write in between makes the snapshot newer than it says, which costs
        // one needless load and never shows old state as new.
        var revision = Revision;
        return _database.Read(c =>
        {
            var applications = AccessApplicationTable.All(c);
            return new GatewaySnapshot
            {
                Revision = revision,
                Account = Account,
                Organization = OrganizationTable.Find(c),
                Zones = ZoneTable.All(c).ToDictionary(z => z.Name, StringComparer.OrdinalIgnoreCase),
                Routes = DnsRecordTable.Routes(c),
                Tunnels = TunnelTable.Present(c),
                Configurations = TunnelTable.Configurations(c),
                Applications = applications,
                ApplicationsByAud = applications.ToDictionary(a => a.Aud, StringComparer.Ordinal),
                Groups = AccessGroupTable.Groups(c),
                Lists = Lists.Lists(c),
                ServiceTokens = ServiceTokenTable.All(c).ToDictionary(t => t.ClientId, StringComparer.Ordinal),
                IdentityProviders = IdentityProviderTable.All(c),
                Certificates = AccessCertificateTable.ByHostname(c),
            };
        });
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        AccessRequests.Dispose();
        _database.Dispose();
    }

    private static (AccountRecord Account, string? Token) LoadOrCreateAccount(
        EdgeDatabase database, EdgeStoreOptions options) => database.Write(c =>
        {
            var account = c.Row("SELECT id, name, created_on FROM accounts", row =>
                new AccountRecord(row.GetString(0), row.GetString(1), row.Time(2)));
            if (account is not null)
            {
                return (account, (string?)null);
            }

            var now = options.TimeProvider.GetUtcNow();
            account = new AccountRecord(Identifiers.NewHex32(), options.AccountName, now);
            c.Execute(
                "INSERT INTO accounts (id, name, created_on) VALUES ($id, $name, $now)",
                ("$id", account.Id), ("$name", account.Name), ("$now", StoreTime.ToText(now)));
            OrganizationTable.Insert(c, new OrganizationRecord
            {
                AccountId = account.Id,
                Name = options.AccountName,
                AuthDomain = options.AuthDomain,
                Document = "{}",
                CreatedAt = now,
                UpdatedAt = now,
            });
            // So that people can sign in before anybody has set up a provider.
            IdentityProviderTable.Insert(c, new IdentityProviderRecord
            {
                Id = Guid.NewGuid(),
                AccountId = account.Id,
                Name = "One-time PIN",
                Type = IdentityProviderRecord.OneTimePinType,
                Config = "{}",
                Document = "{}",
                CreatedAt = now,
                UpdatedAt = now,
            });
            return (account, ApiTokenTable.InsertAdministrator(c, account.Id, AdminTokenName, now));
        });
}
