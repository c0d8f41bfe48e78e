using BenchmarkDotNet.Attributes;
using DbProxy.Sql;

namespace DbProxy.Benchmarks.Sql;

/// <summary>Time and allocation per statement; the target for the point select is 200 ns and no byte.</summary>
[MemoryDiagnoser]
public class ClassifierBenchmarks
{
    private byte[] _sql = [];

    public static IEnumerable<string> Names => Statements.Keys;

    [ParamsSource(nameof(Names))]
    public string Name { get; set; } = "";

    private static Dictionary<string, string> Statements { get; } = new()
    {
        ["begin"] = "BEGIN",
        ["point select"] = "SELECT c FROM sbtest1 WHERE id=50123",
        ["orm select"] = "SELECT `t0`.`id`, `t0`.`name`, t1.created_at FROM `users` AS t0 LEFT JOIN orders t1 ON t0.id = t1.user_id "
            + "WHERE t0.email = 'someone@example.org' AND t1.state IN (1,2,3) ORDER BY t1.created_at DESC LIMIT 20",
        ["insert"] = "INSERT INTO sbtest1 (id, k, c, pad) VALUES (0, 5012, '" + new string('8', 119) + "', '" + new string('3', 59) + "')",
    };

    [GlobalSetup]
    public void Setup() => _sql = System.Text.Encoding.UTF8.GetBytes(Statements[Name]);

    [Benchmark]
    public Statement Classify() => StatementClassifier.Classify(_sql, LexerModes.None);

    [Benchmark]
    public ulong Digest() => StatementDigest.Compute(_sql, LexerModes.None);
}
