using System.Text;
using Tunnel.Core.Files;
using Tunnel.Protocol.Tokens;

namespace Tunnel.Core.Client.SignIn;

/// <summary>
/// The tokens of a user, kept where and as cloudflared keeps them (<c>token/path.go</c>): a JWT a file, in
/// <c>~/.cloudflared</c>, readable by its owner only.
/// </summary>
/// <param name="directory">The folder; null for the user's own.</param>
/// <param name="time">By which tokens expire.</param>
public sealed class AccessTokenStore(string? directory = null, TimeProvider? time = null)
{
    private const string ApplicationSuffix = "-token";
    private const string OrganizationSuffix = "-org-token";
    private const int MaxFileLength = 64 * 1024;

    private readonly TimeProvider _time = time ?? TimeProvider.System;

    /// <summary>Its absolute path.</summary>
    public string Directory { get; } = Path.GetFullPath(directory ?? CloudflaredFolders.OfUser()[0]);

    /// <summary>All tokens of applications, the expired ones too, by the names of their files.</summary>
    public IEnumerable<StoredAccessToken> List()
    {
        if (!System.IO.Directory.Exists(Directory))
        {
            yield break;
        }

        foreach (var file in System.IO.Directory.EnumerateFiles(Directory, "*" + ApplicationSuffix).Order(StringComparer.Ordinal))
        {
            if (!file.EndsWith(OrganizationSuffix, StringComparison.Ordinal) && Read(file) is { IsOrganization: false, Audiences: [var audience, ..] } token
                && Path.GetFileName(file).EndsWith($"-{audience}{ApplicationSuffix}", StringComparison.Ordinal))
            {
                yield return token;
            }
        }
    }

    /// <summary>The hostname in the name of an application token's file; <c>*</c> has become <c>-</c>.</summary>
    public static string HostnameOf(StoredAccessToken token)
    {
        ArgumentNullException.ThrowIfNull(token);
        var name = Path.GetFileName(token.File);
        var rest = name.Length - ApplicationSuffix.Length - (token.Audiences is [var audience, ..] ? audience.Length + 1 : 0);
        return rest > 0 ? name[..rest] : name;
    }

    /// <summary>The application's token, if it is one and has not expired.</summary>
    public StoredAccessToken? Find(AccessMetadata application)
    {
        ArgumentNullException.ThrowIfNull(application);
        // The issuer, too: names of files are not unique ("a*b" is kept as "a-b"), and another team may name any audience.
        return Read(FileOf(application)) is { } token && IsGood(token) && token.Audiences.Contains(application.Audience)
            && IsOfTeam(token, application) ? token : null;
    }

    /// <summary>Takes a token away, and on wish its team's; nothing happens where there is none.</summary>
    public void Remove(StoredAccessToken token, bool includeTeam)
    {
        ArgumentNullException.ThrowIfNull(token);
        File.Delete(token.File);
        if (includeTeam && Uri.TryCreate(token.Issuer, UriKind.Absolute, out var team) && Uri.CheckHostName(team.Host) == UriHostNameType.Dns)
        {
            File.Delete(PathOf(team.Host + OrganizationSuffix));
        }
    }

    internal string? FindOrganization(AccessMetadata application) =>
        Read(OrganizationFileOf(application)) is { } token && IsGood(token) && IsOfTeam(token, application) ? token.Token : null;

    internal string FileOf(AccessMetadata application) => PathOf($"{application.ApplicationHostname}-{application.Audience}{ApplicationSuffix}");

    internal string OrganizationFileOf(AccessMetadata application) => PathOf(application.AuthDomain + OrganizationSuffix);

    internal string KeysFileOf(string authDomain) => PathOf(authDomain + "-jwks");

    internal StoredAccessToken WriteApplication(AccessMetadata application, string token)
    {
        var file = FileOf(application);
        Write(file, token);
        return StoredAccessToken.Parse(file, token) ?? throw new FormatException("What arrived is no token.");
    }

    /// <summary>Keeps the organisation's token, if it is one of this team: the next application is asked for with it.</summary>
    internal void WriteOrganization(AccessMetadata application, string token)
    {
        var file = OrganizationFileOf(application);
        if (StoredAccessToken.Parse(file, token) is { } parsed && IsOfTeam(parsed, application))
        {
            Write(file, parsed.Token);
        }
    }

    internal void Prepare() => AtomicFile.CreatePrivateDirectory(Directory);

    private bool IsGood(StoredAccessToken token) => token.ExpiresAt > _time.GetUtcNow();

    private static bool IsOfTeam(StoredAccessToken token, AccessMetadata application) => token.Issuer == "https://" + application.AuthDomain;

    private void Write(string file, string token)
    {
        Prepare();
        AtomicFile.ReplacePrivate(file, Encoding.ASCII.GetBytes(token));
    }

    private string PathOf(string name) => Path.Combine(Directory, name.Replace('/', '-').Replace('*', '-'));

    private static StoredAccessToken? Read(string file)
    {
        try
        {
            using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            if (stream.Length > MaxFileLength || !IsOfOwner(stream))
            {
                return null;
            }

            using var reader = new StreamReader(stream, Encoding.UTF8);
            return StoredAccessToken.Parse(file, reader.ReadToEnd());
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>
    /// What others can write may be a token that they would like to be used. What they can only read becomes private, as far as
    /// that goes: another sign-in would help no more.
    /// </summary>
    private static bool IsOfOwner(FileStream stream)
    {
        if (OperatingSystem.IsWindows())
        {
            return true;
        }

        var mode = File.GetUnixFileMode(stream.SafeFileHandle);
        if ((mode & (UnixFileMode.GroupWrite | UnixFileMode.OtherWrite)) != 0)
        {
            return false;
        }

        if ((mode & (UnixFileMode.GroupRead | UnixFileMode.OtherRead)) != 0)
        {
            File.SetUnixFileMode(stream.SafeFileHandle, AtomicFile.PrivateFile);
        }

        return true;
    }
}
