namespace DbProxy.IntegrationTests.Differential.Generator;

/// <summary>One command of the session under test, or something that another session does meanwhile.</summary>
internal sealed record StreamItem(Step? Step, Disturbance? Disturbance)
{
    public override string ToString() => Step?.Name ?? Disturbance!.ToString();
}

/// <summary>Another session on the same few connections.</summary>
/// <param name="TakesConnection">The session under test loses the connection that it holds, as after Pool.HoldTimeout.</param>
/// <param name="Seed">What the other session does.</param>
internal sealed record Disturbance(bool TakesConnection, int Seed)
{
    private static readonly string[] Statements =
    [
        "INSERT INTO noise (n) VALUES (1)", "INSERT INTO noise (n) VALUES (1), (2), (3)", "SELECT * FROM noise_nowhere", "SELECT CAST('noise' AS SIGNED) FROM noise LIMIT 1", "SET time_zone = '+11:00', sql_mode = 'ANSI_QUOTES'",
        "SET NAMES latin1", "SET NAMES sjis", "USE app", "USE {schema}", "SELECT SQL_CALC_FOUND_ROWS id FROM noise LIMIT 1", "UPDATE noise SET n = n + 1 WHERE id < 1000003", "SELECT 1", "/* dbproxy:primary */ SELECT 2", "SELECT LAST_INSERT_ID(4711)",
        "SET group_concat_max_len = 4711, sql_select_limit = 2, autocommit = 1", "SET autocommit = 0", "COMMIT", "SELEC", "INSERT IGNORE INTO noise (n) VALUES ('noise')", "SET SESSION TRANSACTION READ ONLY", "SET SESSION TRANSACTION READ WRITE", "SELECT COUNT(*) FROM noise",
    ];

    /// <summary>The statements of the other session.</summary>
    public IEnumerable<string> Script(string schema)
    {
        var random = new Random(Seed);
        for (int i = random.Next(1, 4); i > 0; i--)
        {
            yield return Vocabulary.Fill(Vocabulary.Pick(random, Statements), random, schema);
        }
    }

    public override string ToString() =>
        $"({(TakesConnection ? "loses the held connection, then " : "")}another session: {string.Join("; ", Script("schema"))})";
}
