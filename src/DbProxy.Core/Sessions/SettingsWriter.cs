using System.Globalization;
using System.Text;
using DbProxy.Core.Monitoring;
using DbProxy.Protocol;
using DbProxy.Protocol.Packets;

namespace DbProxy.Core.Sessions;

/// <summary>Writes the commands that bring a connection from one set of settings to another.</summary>
internal static class SettingsWriter
{
    private const string CharacterSet = "character_set_";
    private const string CollationConnection = "collation_connection";

    /// <summary>Whether a connection can be brought there at all: a schema, once chosen, cannot be left for none.</summary>
    public static bool CanChange(SessionSettings from, SessionSettings to) => to.Schema.Length > 0 || from.Schema.Length == 0;

    /// <summary>The SET statement that turns <paramref name="from"/> into <paramref name="to"/>; null: nothing to set; with <paramref name="withCharset"/> the character set is among it in any case.</summary>
    public static string? Statement(SessionSettings from, SessionSettings to, ServerModel server, bool withCharset = false)
    {
        var sql = new StringBuilder();
        bool charsets = withCharset || from.CollationId != to.CollationId || !HasSameCharset(from, to);
        if (!HasCharset(to) && (charsets || HasCharset(from)))
        {
            // Servers take an id that they don't know (MySQL's 255 on MariaDB) for none.
            bool known = server.Collations.TryGetValue(to.CollationId, out var names);
            if (to.CollationId == SessionSettings.ServerDefault || (!known && server.Collations.Count > 0))
            {
                sql.Append("SET character_set_client=DEFAULT, character_set_connection=DEFAULT, ")
                    .Append("character_set_results=DEFAULT, collation_connection=DEFAULT");
                charsets = true;
            }
            else if (known)
            {
                sql.Append("SET NAMES ").Append(names.Charset).Append(" COLLATE ").Append(names.Collation);
                charsets = true;
            }
        }

        (string Charset, string Collation)? named = charsets ? AppendNames(sql, to) : null;
        foreach (var (name, value) in to.Variables)
        {
            if (value == (name == CollationConnection ? named?.Collation : IsCharset(name) ? named?.Charset : null) || name == ConnectionCollation.Named)
            {
                continue;
            }

            if (IsCharset(name) ? charsets : !from.Variables.TryGetValue(name, out string? old) || old != value)
            {
                Append(sql, name, Quote(name, value));
            }
        }

        foreach (string name in from.Variables.Keys)
        {
            if (!to.Variables.ContainsKey(name) && !IsCharset(name))
            {
                // Not DEFAULT: MySQL sets foreign_key_checks and unique_checks to 0 by it, whatever the global value is.
                Append(sql, name, CarriedVariables.OwnTrackers.TryGetValue(name, out string? own) ? Quote(name, own) : "@@global." + name);
            }
        }

        return sql.Length == 0 ? null : sql.ToString();
    }

    /// <summary>Writes one COM_INIT_DB.</summary>
    public static void WriteSchema(PacketWriter writer, string schema)
    {
        writer.Begin(0);
        writer.WriteByte((byte)CommandKind.InitDb);
        writer.WriteText(schema);
        writer.End();
    }

    /// <summary>Writes one COM_QUERY.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="sql">The statement.</param>
    /// <param name="attributes">Whether query attributes were negotiated with the server.</param>
    public static void WriteQuery(PacketWriter writer, string sql, bool attributes)
    {
        writer.Begin(0);
        QueryCommand.WriteHead(writer, attributes);
        writer.WriteText(sql);
        writer.End();
    }

    /// <summary>SET NAMES … COLLATE …, where the session did so: what it sets needs no setting by itself.</summary>
    private static (string Charset, string Collation)? AppendNames(StringBuilder sql, SessionSettings to)
    {
        if (!to.Variables.TryGetValue(ConnectionCollation.Named, out string? collation) || !to.Variables.TryGetValue(CharacterSet + "connection", out string? charset))
        {
            return null;
        }

        sql.Append(sql.Length == 0 ? "SET " : ", ").Append("NAMES ").Append(charset).Append(" COLLATE ").Append(collation);
        return (charset, collation);
    }

    private static bool IsCharset(string name) =>
        name.StartsWith(CharacterSet, StringComparison.Ordinal) || name is CollationConnection or ConnectionCollation.Named;

    private static bool HasCharset(SessionSettings settings) => settings.Variables.ContainsKey("character_set_client");

    // Setting one of the four changes others (SET character_set_connection resets collation_connection), so they go together.
    private static bool HasSameCharset(SessionSettings from, SessionSettings to) => HasCharsetOf(from, to) && HasCharsetOf(to, from);

    private static bool HasCharsetOf(SessionSettings one, SessionSettings other)
    {
        foreach (var (name, value) in other.Variables)
        {
            if (IsCharset(name) && (!one.Variables.TryGetValue(name, out string? old) || old != value))
            {
                return false;
            }
        }

        return true;
    }

    private static void Append(StringBuilder sql, string name, string value) =>
        sql.Append(sql.Length == 0 ? "SET " : ", ").Append(name).Append('=').Append(value);

    private static string Quote(string name, string value)
    {
        if (name == "character_set_results" && value.Length == 0)
        {
            return "NULL";
        }

        if (LoginModes.Expression(name, value) is { } added)
        {
            return added;
        }

        if (decimal.TryParse(value, NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _))
        {
            return value;
        }

        // Doubling works in every sql_mode; a backslash would depend on NO_BACKSLASH_ESCAPES, so it goes as hexadecimal.
        return value.Contains('\\', StringComparison.Ordinal)
            ? "0x" + Convert.ToHexString(Encoding.UTF8.GetBytes(value))
            : "'" + value.Replace("'", "''", StringComparison.Ordinal) + "'";
    }
}
