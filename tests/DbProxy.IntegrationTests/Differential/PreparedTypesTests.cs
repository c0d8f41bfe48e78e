using System.Text;
using DbProxy.IntegrationTests.Infrastructure;
using DbProxy.Protocol;
using Xunit;
using static DbProxy.IntegrationTests.Differential.Step;
using Flavor = DbProxy.LocalCluster.ServerFlavor;

namespace DbProxy.IntegrationTests.Differential;

/// <summary>Prepared statements of every type, in both directions, while the session's statements move from server to server.</summary>
public sealed class PreparedTypesTests
{
    private static readonly (string Column, string Value)[] Common =
    [
        ("TINYINT", "-128"), ("TINYINT UNSIGNED", "255"), ("SMALLINT", "-5"), ("MEDIUMINT", "-70000"), ("INT", "-3"), ("INT UNSIGNED", "4000000000"),
        ("BIGINT", "-9223372036854775808"), ("BIGINT UNSIGNED", "18446744073709551615"), ("FLOAT", "1.5"), ("DOUBLE", "3.25"),
        ("DECIMAL(30,10)", "12345678901234567890.0123456789"), ("BIT(12)", "b'101010101010'"), ("YEAR", "2024"), ("DATE", "'2024-02-29'"),
        ("TIME(6)", "'-838:59:59.000000'"), ("DATETIME(6)", "'2024-02-29 23:59:59.123456'"), ("TIMESTAMP(3) NULL", "'2024-01-02 03:04:05.678'"),
        ("CHAR(5)", "'ab'"), ("BINARY(5)", "'ab'"), ("VARCHAR(40)", "'Grüße'"), ("VARBINARY(40)", "0x00FF"), ("TINYTEXT", "'t'"), ("MEDIUMTEXT", "'m'"),
        ("LONGTEXT", "'l'"), ("TINYBLOB", "0x01"), ("LONGBLOB", "0x02"), ("ENUM('x','y')", "'y'"), ("SET('a','b','c')", "'a,c'"), ("JSON", "'{\"a\": [1, null]}'"),
        ("GEOMETRY", "ST_GeomFromText('POINT(1 2)')"), ("POLYGON", "ST_GeomFromText('POLYGON((0 0,1 0,1 1,0 0))')"),
    ];

    [Theory, EachFlavor]
    public async Task Results_of_every_type_and_parameters_of_every_kind(Flavor flavor)
    {
        (string Column, string Value)[] types = flavor == Flavor.MySql ? [.. Common, ("VECTOR(3)", "STRING_TO_VECTOR('[1,2,3.5]')")] : [.. Common, ("INET6", "'::1'"), ("UUID", "'123e4567-e89b-12d3-a456-426655440000'")];
        string columns = string.Join(", ", types.Select((t, i) => $"c{i} {t.Column}"));
        await using var bed = await TestBed.StartAsync(
            flavor, o => o.Pool.MaxConnections = 3, $"CREATE TABLE types (id INT PRIMARY KEY, {columns}) CHARACTER SET utf8mb4",
            $"INSERT INTO types VALUES (1, {string.Join(", ", types.Select(t => t.Value))}), (2{string.Concat(types.Select(_ => ", NULL"))})",
            "CREATE TABLE p (id INT AUTO_INCREMENT PRIMARY KEY, a VARCHAR(100), b LONGBLOB, c DOUBLE, d DATETIME, e TIME)",
            "CREATE PROCEDURE outs(IN a INT, OUT b VARCHAR(20), INOUT c DECIMAL(10,2)) BEGIN SELECT a; SET b = CONCAT('out ', a), c = c * 2; SELECT 'second', a + 1; END");
        await bed.OnPrimaryAsync($"GRANT EXECUTE ON {bed.Schema}.* TO '{bed.Cluster.App.User}'@'%'");
        var report = new StringBuilder();
        foreach (Capabilities varied in (Capabilities[])[Capabilities.DeprecateEof, Capabilities.None, Capabilities.DeprecateEof | Capabilities.QueryAttributes])
        {
            Capabilities wished = DifferentialTests.Always | varied;
            var direct = await DifferentialTests.RunAsync(bed, bed.Cluster.Primary.Port, wished, Stream());
            Assert.DoesNotContain(direct, d => d.Answer.Any(l => l.Contains("Exception", StringComparison.Ordinal)));
            DifferentialTests.Compare(report, wished.ToString(), direct, await DifferentialTests.RunAsync(bed, bed.Proxy.Port, wished, Stream()));
        }

        Assert.True(report.Length == 0, report.ToString());
    }

    private static IEnumerable<Step> Stream() =>
    [
        Prepare("all", "SELECT * FROM types WHERE id >= ? ORDER BY id"),
        .. Again(() => Execute("all", [1L])),
        Execute("all", [2], sendTypes: true),
        .. Again(() => Execute("all", [2], sendTypes: false)),
        Execute("all", ["1"]),
        Execute("all", [null]),
        Execute("all", [1L], cursor: true),
        Fetch("all", 1),
        Query("SET time_zone = '+02:00'"),
        Fetch("all", 1),
        Fetch("all", 1),
        Query("SET time_zone = DEFAULT"),
        ResetStatement("all"),
        .. Again(() => Execute("all", [1L])),
        .. Kinds(),
        .. Moves(),
        .. Changes(),
        Prepare("call", "CALL outs(?, ?, ?)"),
        Execute("call", [3, "x", "2.50"]),
        Execute("call", [4, "x", 1.25], sendTypes: true),
        Query("SELECT COUNT(*) FROM p"),
    ];

    private static IEnumerable<Step> Kinds() =>
    [
        Query("TRUNCATE TABLE p"),
        Prepare("insert", "INSERT INTO p (a, b, c, d, e) VALUES (?, ?, ?, ?, ?)"),
        Execute("insert", ["text", new byte[] { 0, 1, 255 }, 1.5, new DateTime(2024, 5, 6), new TimeSpan(-1, 2, 3, 4).Negate()]),
        Execute("insert", ["again", new byte[] { 7 }, 2.5, new DateTime(2023, 1, 2), new TimeSpan(0, 9, 8, 7)], sendTypes: false),
        Execute("insert", [null, null, null, null, null]),
        Execute("insert", [5L, 6, (short)7, "2020-01-01", "10:11:12"]),
        Execute("insert", [(sbyte)-1, 1.5f, 2.5f, null, null]),
        Query("SELECT a, b, c, d, e FROM p ORDER BY id"),
    ];

    private static IEnumerable<Step> Moves() =>
    [
        Prepare("both", "SELECT ? + ? AS s, ? AS t"),
        Execute("both", [1L, 2L, "a"]),
        .. Again(() => Execute("both", [3L, 4L, "b"], sendTypes: false)),
        Execute("both", [1.5, 2.5, null]),
        .. Again(() => Execute("both", [1.25, 2.25, null], sendTypes: false)),
        Query("SET sql_mode = 'ANSI'"),
        .. Again(() => Execute("both", [0.25, 0.5, null], sendTypes: false)),
        Query("SET sql_mode = DEFAULT"),
        LongData("both", 2, "ahead"),
        Execute("both", [7L, 8L, ""]),
        Execute("both", [9L, 9L, "c"]),
    ];

    private static IEnumerable<Step> Changes() =>
    [
        Query("CREATE TABLE ddl (a INT)"),
        Query("INSERT INTO ddl VALUES (1)"),
        Prepare("star", "SELECT * FROM ddl WHERE a > ?"),
        Execute("star", [0L]),
        Query("ALTER TABLE ddl ADD COLUMN b VARCHAR(10) DEFAULT 'new'"),
        .. Again(() => Execute("star", [0L])),
        Query("ALTER TABLE ddl DROP COLUMN b"),
        .. Again(() => Execute("star", [0L], sendTypes: false)),
        Query("DROP TABLE ddl"),
        Execute("star", [0L]),
        Query("CREATE TABLE ddl (a INT, c INT)"),
        Execute("star", [0L]),
        Query("DROP TABLE ddl"),
    ];

    // More often than there are servers: through the proxy it runs on each of them.
    private static IEnumerable<Step> Again(Func<Step> step) => Enumerable.Range(0, 5).Select(_ => step());
}
