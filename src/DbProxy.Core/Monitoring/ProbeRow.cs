using System.Globalization;
using System.Text;
using MySqlConnector;

namespace DbProxy.Core.Monitoring;

/// <summary>Reads columns by name whatever type the server gives them: flavors and versions differ.</summary>
internal readonly struct ProbeRow(MySqlDataReader reader)
{
    /// <summary>The column as text; empty when it is NULL or doesn't exist.</summary>
    internal string Text(string column)
    {
        for (var i = 0; i < reader.FieldCount; i++)
        {
            if (string.Equals(reader.GetName(i), column, StringComparison.OrdinalIgnoreCase))
                return Text(reader.GetValue(i));
        }
        return "";
    }

    /// <summary>The column as a number; null when it is NULL, doesn't exist or isn't a number.</summary>
    internal double? Number(string column) =>
        double.TryParse(Text(column), NumberStyles.Float, CultureInfo.InvariantCulture, out var value) ? value : null;

    /// <summary>A server's switch: 1, ON, Yes; MariaDB 12 has read_only modes by name besides OFF.</summary>
    internal bool IsOn(string column) => Text(column).ToUpperInvariant() is not ("" or "0" or "OFF" or "NO" or "FALSE");

    private static string Text(object value) => value switch
    {
        DBNull => "",
        byte[] bytes => Encoding.UTF8.GetString(bytes),
        _ => Convert.ToString(value, CultureInfo.InvariantCulture) ?? "",
    };
}
