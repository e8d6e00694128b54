using System.Net;
using MaxMind.Db;

namespace Tunnel.Edge.Identity;

/// <summary>
/// Says in which country an address lies, by a database in MaxMind's format that has <c>country.iso_code</c>: GeoLite2
/// Country or City, DB-IP Lite, or one of one's own. It is read when the edge starts, and then no more.
/// </summary>
internal sealed class CountryDatabase : IDisposable
{
    private readonly Reader _reader;

    private CountryDatabase(Reader reader) => _reader = reader;

    /// <exception cref="IOException">The file cannot be read, or is none of these databases.</exception>
    public static CountryDatabase Open(string path)
    {
        try
        {
            // Into memory: a file that is written over while it is mapped would end the process.
            return new CountryDatabase(new Reader(path, FileAccessMode.Memory));
        }
        catch (UnauthorizedAccessException error)
        {
            throw new IOException($"The database of countries cannot be read: {error.Message}", error);
        }
#pragma warning disable CA1031 // A file that is none of these fails to be read in as many ways as there are files.
        catch (Exception error) when (error is not IOException)
#pragma warning restore CA1031
        {
            throw new IOException($"'{path}' is no database of countries in MaxMind's format: {error.Message}", error);
        }
    }

    /// <summary>Two letters of ISO 3166-1, or what else the database calls a country; null where it has none.</summary>
    public string? Find(IPAddress address)
    {
        try
        {
            var found = _reader.Find<CountryEntry>(address)?.Country?.IsoCode;
            return found is { Length: 2 } && found.All(char.IsAsciiLetterOrDigit) ? found.ToUpperInvariant() : null;
        }
#pragma warning disable CA1031 // A damaged database fails in many ways, and one without IPv6 at IPv6: the country is not known then.
        catch (Exception)
#pragma warning restore CA1031
        {
            return null;
        }
    }

    public void Dispose() => _reader.Dispose();
}
