using System.Globalization;
using Microsoft.Data.Sqlite;

namespace Tunnel.Edge.Store;

/// <summary>
/// The schema, as the steps that lead to it. <c>user_version</c> counts the steps taken. A step that was released never
/// changes: later versions add steps.
/// </summary>
internal static class Migrations
{
    public static readonly IReadOnlyList<string> Steps =
    [
        """
        CREATE TABLE accounts (
            id TEXT PRIMARY KEY, name TEXT NOT NULL, created_on TEXT NOT NULL
        ) STRICT;
        CREATE TABLE organizations (
            account_id TEXT PRIMARY KEY REFERENCES accounts (id), name TEXT NOT NULL, auth_domain TEXT NOT NULL,
            session_duration TEXT, document TEXT NOT NULL, created_at TEXT NOT NULL, updated_at TEXT NOT NULL
        ) STRICT;
        CREATE TABLE api_tokens (
            id TEXT PRIMARY KEY, account_id TEXT NOT NULL REFERENCES accounts (id), name TEXT NOT NULL,
            hash BLOB NOT NULL UNIQUE, status TEXT NOT NULL, issued_on TEXT NOT NULL, not_before TEXT, expires_on TEXT
        ) STRICT;
        CREATE TABLE zones (
            id TEXT PRIMARY KEY, account_id TEXT NOT NULL REFERENCES accounts (id), name TEXT NOT NULL UNIQUE,
            status TEXT NOT NULL, type TEXT NOT NULL, paused INTEGER NOT NULL, name_servers TEXT NOT NULL,
            created_on TEXT NOT NULL, modified_on TEXT NOT NULL, activated_on TEXT
        ) STRICT;
        CREATE TABLE dns_records (
            id TEXT PRIMARY KEY, zone_id TEXT NOT NULL REFERENCES zones (id) ON DELETE CASCADE, type TEXT NOT NULL,
            name TEXT NOT NULL, content TEXT NOT NULL, proxied INTEGER NOT NULL, ttl INTEGER NOT NULL,
            document TEXT NOT NULL, created_on TEXT NOT NULL, modified_on TEXT NOT NULL
        ) STRICT;
        CREATE INDEX dns_records_by_name ON dns_records (zone_id, name);
        CREATE TABLE tunnels (
            id TEXT PRIMARY KEY, account_id TEXT NOT NULL REFERENCES accounts (id), name TEXT NOT NULL,
            secret BLOB NOT NULL, config_src TEXT NOT NULL, created_at TEXT NOT NULL, deleted_at TEXT,
            conns_active_at TEXT, conns_inactive_at TEXT
        ) STRICT;
        CREATE UNIQUE INDEX tunnels_by_name ON tunnels (account_id, name) WHERE deleted_at IS NULL;
        CREATE TABLE tunnel_configurations (
            tunnel_id TEXT PRIMARY KEY REFERENCES tunnels (id), version INTEGER NOT NULL, config TEXT NOT NULL,
            source TEXT NOT NULL, created_at TEXT NOT NULL
        ) STRICT;
        CREATE TABLE access_applications (
            id TEXT PRIMARY KEY, account_id TEXT NOT NULL REFERENCES accounts (id), aud TEXT NOT NULL UNIQUE,
            name TEXT NOT NULL, type TEXT NOT NULL, session_duration TEXT NOT NULL,
            service_auth_401_redirect INTEGER NOT NULL, document TEXT NOT NULL, created_at TEXT NOT NULL,
            updated_at TEXT NOT NULL
        ) STRICT;
        CREATE TABLE access_application_domains (
            domain TEXT PRIMARY KEY,
            application_id TEXT NOT NULL REFERENCES access_applications (id) ON DELETE CASCADE,
            position INTEGER NOT NULL
        ) STRICT;
        CREATE INDEX access_application_domains_by_application ON access_application_domains (application_id);
        -- A policy of one application only is a policy with one link: reusable policies need no other tables.
        CREATE TABLE access_policies (
            id TEXT PRIMARY KEY, account_id TEXT NOT NULL REFERENCES accounts (id), name TEXT NOT NULL,
            decision TEXT NOT NULL, reusable INTEGER NOT NULL, document TEXT NOT NULL, created_at TEXT NOT NULL,
            updated_at TEXT NOT NULL
        ) STRICT;
        CREATE TABLE access_application_policies (
            application_id TEXT NOT NULL REFERENCES access_applications (id) ON DELETE CASCADE,
            policy_id TEXT NOT NULL REFERENCES access_policies (id) ON DELETE CASCADE, precedence INTEGER NOT NULL,
            PRIMARY KEY (application_id, policy_id), UNIQUE (application_id, precedence)
        ) STRICT;
        CREATE INDEX access_application_policies_by_policy ON access_application_policies (policy_id);
        CREATE TABLE service_tokens (
            id TEXT PRIMARY KEY, account_id TEXT NOT NULL REFERENCES accounts (id), name TEXT NOT NULL,
            client_id TEXT NOT NULL UNIQUE, secret_hash BLOB NOT NULL, previous_secret_hash BLOB,
            previous_secret_expires_at TEXT, secret_version INTEGER NOT NULL, duration TEXT NOT NULL, expires_at TEXT,
            enabled INTEGER NOT NULL, created_at TEXT NOT NULL, updated_at TEXT NOT NULL
        ) STRICT;
        """,
        """
        CREATE TABLE identity_providers (
            id TEXT PRIMARY KEY, account_id TEXT NOT NULL REFERENCES accounts (id), name TEXT NOT NULL,
            type TEXT NOT NULL, config TEXT NOT NULL, client_secret TEXT, document TEXT NOT NULL,
            created_at TEXT NOT NULL, updated_at TEXT NOT NULL
        ) STRICT;
        """,
        """
        CREATE TABLE access_users (
            id TEXT PRIMARY KEY, account_id TEXT NOT NULL REFERENCES accounts (id), email TEXT NOT NULL UNIQUE, name TEXT,
            last_successful_login TEXT, last_identity TEXT, created_at TEXT NOT NULL, updated_at TEXT NOT NULL
        ) STRICT;
        CREATE TABLE access_sessions (
            nonce TEXT PRIMARY KEY, user_id TEXT NOT NULL REFERENCES access_users (id) ON DELETE CASCADE,
            email TEXT NOT NULL, provider_id TEXT NOT NULL, provider_type TEXT NOT NULL, claims TEXT NOT NULL,
            address TEXT NOT NULL, user_agent TEXT NOT NULL, issued_at TEXT NOT NULL, expires_at TEXT NOT NULL
        ) STRICT;
        CREATE INDEX access_sessions_by_user ON access_sessions (user_id);
        CREATE TABLE access_application_sessions (
            id TEXT PRIMARY KEY, nonce TEXT NOT NULL REFERENCES access_sessions (nonce) ON DELETE CASCADE,
            application_id TEXT NOT NULL REFERENCES access_applications (id) ON DELETE CASCADE, hostname TEXT NOT NULL,
            issued_at TEXT NOT NULL, expires_at TEXT NOT NULL, UNIQUE (nonce, application_id)
        ) STRICT;
        CREATE INDEX access_application_sessions_by_application ON access_application_sessions (application_id);
        -- How often an application's tokens were revoked: part of what the tokens of machines stand for.
        CREATE TABLE access_application_revocations (
            application_id TEXT PRIMARY KEY REFERENCES access_applications (id) ON DELETE CASCADE, count INTEGER NOT NULL
        ) STRICT;
        CREATE TABLE access_failed_logins (
            user_id TEXT NOT NULL REFERENCES access_users (id) ON DELETE CASCADE, at TEXT NOT NULL,
            document TEXT NOT NULL
        ) STRICT;
        CREATE INDEX access_failed_logins_by_user ON access_failed_logins (user_id, at);
        """,
        """
        CREATE TABLE access_requests (
            id INTEGER PRIMARY KEY, created_at TEXT NOT NULL, action TEXT NOT NULL, allowed INTEGER NOT NULL,
            user_email TEXT, ip_address TEXT NOT NULL, country TEXT, app_id TEXT, app_domain TEXT, app_name TEXT,
            app_type TEXT, connection TEXT, idp_id TEXT, service_token TEXT, policy TEXT, reason TEXT,
            ray_id TEXT NOT NULL
        ) STRICT;
        CREATE INDEX access_requests_by_time ON access_requests (created_at);
        """,
        """
        ALTER TABLE zones ADD COLUMN document TEXT NOT NULL DEFAULT '{}';
        """,
        """
        -- Until here there was one kind of token, which could do everything.
        ALTER TABLE api_tokens ADD COLUMN administrator INTEGER NOT NULL DEFAULT 0;
        UPDATE api_tokens SET administrator = 1;
        ALTER TABLE api_tokens ADD COLUMN account_owned INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE api_tokens ADD COLUMN policies TEXT NOT NULL DEFAULT '[]';
        ALTER TABLE api_tokens ADD COLUMN condition TEXT NOT NULL DEFAULT '{}';
        ALTER TABLE api_tokens ADD COLUMN modified_on TEXT;
        """,
        """
        CREATE TABLE access_groups (
            id TEXT PRIMARY KEY, account_id TEXT NOT NULL REFERENCES accounts (id),
            zone_id TEXT REFERENCES zones (id) ON DELETE CASCADE, name TEXT NOT NULL, is_default INTEGER NOT NULL,
            document TEXT NOT NULL, created_at TEXT NOT NULL, updated_at TEXT NOT NULL
        ) STRICT;
        """,
        """
        CREATE TABLE ssh_authorities (
            id TEXT PRIMARY KEY,
            application_id TEXT NOT NULL UNIQUE REFERENCES access_applications (id) ON DELETE CASCADE,
            public_key TEXT NOT NULL, private_key BLOB NOT NULL, created_at TEXT NOT NULL
        ) STRICT;
        """,
        """
        -- Once taken, though never asked of anybody; it can be written no more.
        UPDATE organizations SET document = json_set(document, '$.mfa_required_for_all_apps', json('false'))
        WHERE json_extract(document, '$.mfa_required_for_all_apps') = 1;
        """,
        """
        CREATE TABLE access_signing_keys (
            id TEXT PRIMARY KEY, private_key BLOB NOT NULL, certificate TEXT NOT NULL, created_at TEXT NOT NULL, retires_at TEXT
        ) STRICT;
        ALTER TABLE organizations ADD COLUMN key_rotation_days INTEGER NOT NULL DEFAULT 42;
        -- What only this edge may make, and is not bound to the key of the day, is derived from this.
        ALTER TABLE organizations ADD COLUMN secret BLOB;
        UPDATE organizations SET secret = randomblob(32);
        """,
        """
        -- What people said they enter an application for.
        CREATE TABLE access_purposes (
            nonce TEXT NOT NULL REFERENCES access_sessions (nonce) ON DELETE CASCADE,
            application_id TEXT NOT NULL REFERENCES access_applications (id) ON DELETE CASCADE, policy_id TEXT NOT NULL,
            purpose TEXT NOT NULL, expires_at TEXT NOT NULL, PRIMARY KEY (nonce, application_id, policy_id)
        ) STRICT;
        """,
        """
        CREATE TABLE access_certificates (
            id TEXT PRIMARY KEY, account_id TEXT NOT NULL REFERENCES accounts (id),
            zone_id TEXT REFERENCES zones (id) ON DELETE CASCADE, name TEXT NOT NULL, certificate BLOB NOT NULL,
            hostnames TEXT NOT NULL, created_at TEXT NOT NULL, updated_at TEXT NOT NULL
        ) STRICT;
        """,
        """
        -- Who asked to be let in by somebody's approval, and what the approvers said.
        CREATE TABLE access_approvals (
            id TEXT PRIMARY KEY, application_id TEXT NOT NULL REFERENCES access_applications (id) ON DELETE CASCADE,
            policy_id TEXT NOT NULL, email TEXT NOT NULL, purpose TEXT, address TEXT NOT NULL, country TEXT,
            requested_at TEXT NOT NULL, expires_at TEXT NOT NULL
        ) STRICT;
        CREATE TABLE access_approval_votes (
            approval_id TEXT NOT NULL REFERENCES access_approvals (id) ON DELETE CASCADE, email TEXT NOT NULL,
            approves INTEGER NOT NULL, voted_at TEXT NOT NULL, until TEXT NOT NULL, PRIMARY KEY (approval_id, email)
        ) STRICT;
        """,
        """
        -- Whose end is on record.
        ALTER TABLE access_approvals ADD COLUMN ended_at TEXT;
        """,
        """
        CREATE TABLE access_lists (
            id TEXT PRIMARY KEY, account_id TEXT NOT NULL REFERENCES accounts (id), name TEXT NOT NULL, type TEXT NOT NULL,
            description TEXT NOT NULL, created_at TEXT NOT NULL, updated_at TEXT NOT NULL, version INTEGER NOT NULL
        ) STRICT;
        CREATE TABLE access_list_items (
            list_id TEXT NOT NULL REFERENCES access_lists (id) ON DELETE CASCADE, key TEXT NOT NULL, value TEXT NOT NULL,
            description TEXT, created_at TEXT NOT NULL, UNIQUE (list_id, key)
        ) STRICT;
        """,
        """
        -- Decisions about nobody, of which everybody can cause as many as they like, are trimmed apart.
        ALTER TABLE access_requests ADD COLUMN stranger INTEGER NOT NULL DEFAULT 0;
        UPDATE access_requests SET stranger = 1 WHERE user_email IS NULL AND service_token IS NULL AND connection IS NULL;
        CREATE INDEX access_requests_of_strangers ON access_requests (id) WHERE stranger = 1;
        CREATE INDEX access_requests_of_others ON access_requests (id) WHERE stranger = 0;
        """,
    ];

    /// <summary>Takes the missing steps, each in a transaction of its own.</summary>
    /// <exception cref="EdgeStoreException">The file was written by a later version of this program.</exception>
    public static void Apply(SqliteConnection connection)
    {
        var version = connection.Scalar("PRAGMA user_version");
        if (version > Steps.Count)
        {
            throw new EdgeStoreException(
                $"The edge's database has schema version {version}, and this program knows up to {Steps.Count}. " +
                "Run the newer version of the program, or give the edge another state directory.");
        }

        for (var step = (int)version; step < Steps.Count; step++)
        {
            using var transaction = connection.BeginTransaction(deferred: false);
            connection.Execute(Steps[step]);
            // PRAGMA takes no parameters; the value is our own counter.
            connection.Execute(string.Create(CultureInfo.InvariantCulture, $"PRAGMA user_version = {step + 1}"));
            transaction.Commit();
        }
    }
}
