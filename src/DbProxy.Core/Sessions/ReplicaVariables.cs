using System.Globalization;
using System.Text;
using System.Text.Json;
using DbProxy.Core.Backends;
using DbProxy.Sql;

namespace DbProxy.Core.Sessions;

/// <summary>The user variables that a session has set on a replica, to be set on another server.</summary>
internal sealed class ReplicaVariables(Session session)
{
    // More variables than this are not worth a statement of that length.
    private const int MaxVariables = 64;

    private readonly List<string> _names = [];
    private bool _unknownNames;
    private bool _unsigned;

    /// <summary>Notes those that a statement may have set.</summary>
    public void Note(in Work work)
    {
        _unsigned = work.Statement.Kind == StatementKind.GetDiagnostics;
        _unknownNames |= !UserVariableNames.Collect(work.SqlIn(session.Input.Payload), session.State.Modes, _names) || _names.Count > MaxVariables;
    }

    /// <summary>The session has another connection now.</summary>
    public void Forget()
    {
        _names.Clear();
        _unknownNames = false;
    }

    /// <summary>The variables' values as a list of assignments; null: they cannot be had.</summary>
    public async ValueTask<string?> ReadAsync(ServerConnection kept)
    {
        if (_unknownNames || _names.Count == 0)
        {
            return null;
        }

        // Numbers have the character set binary; hexadecimal digits are the same in every character set.
        string list = string.Join(',', _names.Select(n => $"CHARSET(@`{n}`),@`{n}`"));
        if (!await OwnQuery.SucceedsAsync(session, kept, $"SELECT HEX(CONVERT(JSON_ARRAY({list}) USING utf8mb4))"))
        {
            return null;
        }

        // One value, its length in front: one byte, or 0xFC and two.
        ReadOnlySpan<byte> row = kept.Tracker.Summary.FirstRow;
        row = row.Length > 3 && row[0] == 0xFC ? row[3..] : row.Length > 1 ? row[1..] : [];
        try
        {
            using var values = JsonDocument.Parse(Convert.FromHexString(Encoding.ASCII.GetString(row)));
            return string.Join(',', _names.Select((n, i) => $"@`{n}`={Literal(values.RootElement[2 * i].GetString(), values.RootElement[(2 * i) + 1])}"));
        }
        catch (Exception e) when (e is FormatException or JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    private string Literal(string? charset, JsonElement value)
    {
        if (value.ValueKind == JsonValueKind.Null)
        {
            return "NULL";
        }

        string text = value.ToString();
        if (charset != "binary")
        {
            return $"CONVERT(CONVERT(X'{Convert.ToHexString(Encoding.UTF8.GetBytes(text))}' USING utf8mb4) USING {charset})";
        }

        bool isNumber = decimal.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out _);
        return !isNumber ? throw new FormatException("A binary text.") : _unsigned ? $"CAST({text} AS UNSIGNED)" : text;
    }
}
