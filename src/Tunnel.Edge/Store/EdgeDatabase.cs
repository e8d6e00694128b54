using Microsoft.Data.Sqlite;

namespace Tunnel.Edge.Store;

/// <summary>
/// The SQLite file: one connection that writes, one writer at a time, and pooled read-only connections that WAL lets
/// run beside it. Nothing here waits for anything but the disk, so the calls are synchronous.
/// </summary>
internal sealed class EdgeDatabase : IDisposable
{
    public const string FileName = "edge.db";

    private readonly Lock _writing = new();
    private readonly FileStream _instanceLock;
    private readonly SqliteConnection _writer;
    private readonly string _readerString;
    private long _revision;
    private bool _disposed;

    private EdgeDatabase(FileStream instanceLock, SqliteConnection writer, string readerString)
    {
        _instanceLock = instanceLock;
        _writer = writer;
        _readerString = readerString;
    }

    /// <summary>Grows with each committed write that changed a row. Starts anew with each process.</summary>
    public long Revision => Interlocked.Read(ref _revision);

    public static EdgeDatabase Open(string directory, TimeSpan busyTimeout)
    {
        PrivateFile.CreateDirectory(directory);
        var instanceLock = Lock(directory);
        try
        {
            var path = Path.Combine(directory, FileName);
            CreateFile(path);
            var seconds = Math.Max(1, (int)Math.Ceiling(busyTimeout.TotalSeconds));
            var writer = new SqliteConnection(new SqliteConnectionStringBuilder
            {
                DataSource = path, Pooling = false, ForeignKeys = true, DefaultTimeout = seconds,
                Mode = SqliteOpenMode.ReadWrite,
            }.ToString());
            try
            {
                writer.Open();
                writer.Execute("PRAGMA journal_mode = WAL");
                // What was answered must survive a power cut: secrets are shown only once.
                writer.Execute("PRAGMA synchronous = FULL");
                Migrations.Apply(writer);
            }
            catch (SqliteException e)
            {
                writer.Dispose();
                throw new EdgeStoreException(
                    $"The edge's database '{path}' cannot be opened: {e.Message} " +
                    "Restore it from a backup, or give the edge another state directory.", e);
            }
            catch
            {
                writer.Dispose();
                throw;
            }

            return new EdgeDatabase(instanceLock, writer, new SqliteConnectionStringBuilder
            {
                DataSource = path, Pooling = true, ForeignKeys = true, DefaultTimeout = seconds,
                Mode = SqliteOpenMode.ReadOnly,
            }.ToString());
        }
        catch
        {
            instanceLock.Dispose();
            throw;
        }
    }

    /// <summary>Runs against one state of the database, beside a writer.</summary>
    public T Read<T>(Func<SqliteConnection, T> read)
    {
        using var connection = new SqliteConnection(_readerString);
        connection.Open();
        using var transaction = connection.BeginTransaction(deferred: true);
        return read(connection);
    }

    /// <summary>Runs alone, and commits when it returns; an exception undoes everything.</summary>
    public T Write<T>(Func<SqliteConnection, T> write)
    {
        lock (_writing)
        {
            var before = _disposed ? 0 : _writer.Scalar("SELECT total_changes()");
            var result = WriteApart(write);
            if (_writer.Scalar("SELECT total_changes()") != before)
            {
                Interlocked.Increment(ref _revision);
            }

            return result;
        }
    }

    /// <summary>As <see cref="Write"/>, for rows that no snapshot shows: <see cref="Revision"/> stays as it is.</summary>
    public T WriteApart<T>(Func<SqliteConnection, T> write)
    {
        lock (_writing)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            using var transaction = _writer.BeginTransaction(deferred: false);
            var result = write(_writer);
            transaction.Commit();
            return result;
        }
    }

    public void Dispose()
    {
        lock (_writing)
        {
            if (_disposed)
            {
                return;
            }

            _disposed = true;
            using (var pool = new SqliteConnection(_readerString))
            {
                SqliteConnection.ClearPool(pool);
            }

            _writer.Dispose();
            _instanceLock.Dispose();
        }
    }

    // SQLite gives its -wal and -shm files the mode of the database.
    private static void CreateFile(string path)
    {
        using (new FileStream(path, PrivateFile.Options(FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.ReadWrite)))
        {
        }

        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }
    }

    // Two edges on one directory would each believe their own cached snapshot.
    private static FileStream Lock(string directory)
    {
        try
        {
            return new FileStream(
                Path.Combine(directory, "edge.lock"), PrivateFile.Options(FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
        }
        catch (IOException e)
        {
            throw new EdgeStoreException(
                $"Another edge is using the state directory '{directory}'. Stop it, or choose another directory.", e);
        }
    }
}
