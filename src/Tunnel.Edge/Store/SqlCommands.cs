using Microsoft.Data.Sqlite;

namespace Tunnel.Edge.Store;

/// <summary>The three things that the tables do with a connection. SQL is constant; every value is a parameter.</summary>
internal static class SqlCommands
{
    public static int Execute(
        this SqliteConnection connection, string sql, params ReadOnlySpan<(string Name, object? Value)> values)
    {
        using var command = Create(connection, sql, values);
        return command.ExecuteNonQuery();
    }

    public static long Scalar(
        this SqliteConnection connection, string sql, params ReadOnlySpan<(string Name, object? Value)> values)
    {
        using var command = Create(connection, sql, values);
        return command.ExecuteScalar() is long value ? value : 0;
    }

    public static T? Row<T>(
        this SqliteConnection connection,
        string sql,
        Func<SqliteDataReader, T> read,
        params ReadOnlySpan<(string Name, object? Value)> values)
        where T : class
    {
        using var command = Create(connection, sql, values);
        using var reader = command.ExecuteReader();
        return reader.Read() ? read(reader) : null;
    }

    public static List<T> Rows<T>(
        this SqliteConnection connection,
        string sql,
        Func<SqliteDataReader, T> read,
        params ReadOnlySpan<(string Name, object? Value)> values)
    {
        using var command = Create(connection, sql, values);
        using var reader = command.ExecuteReader();
        var rows = new List<T>();
        while (reader.Read())
        {
            rows.Add(read(reader));
        }

        return rows;
    }

    public static DateTimeOffset Time(this SqliteDataReader reader, int column) =>
        StoreTime.Parse(reader.GetString(column));

    public static DateTimeOffset? OptionalTime(this SqliteDataReader reader, int column) =>
        reader.IsDBNull(column) ? null : StoreTime.Parse(reader.GetString(column));

    public static string? OptionalText(this SqliteDataReader reader, int column) =>
        reader.IsDBNull(column) ? null : reader.GetString(column);

#pragma warning disable CA2100 // SQL comes from constants of the tables only, which the rule cannot see from here.
    private static SqliteCommand Create(
        SqliteConnection connection, string sql, ReadOnlySpan<(string Name, object? Value)> values)
    {
        var command = connection.CreateCommand();
        command.CommandText = sql;
        foreach (var (name, value) in values)
        {
            command.Parameters.AddWithValue(name, value ?? DBNull.Value);
        }

        return command;
    }
#pragma warning restore CA2100
}
