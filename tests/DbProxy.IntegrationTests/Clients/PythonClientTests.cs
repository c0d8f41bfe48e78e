using System.Globalization;
using DbProxy.IntegrationTests.Infrastructure;
using DbProxy.LocalCluster;
using Xunit;
using Flavor = DbProxy.LocalCluster.ServerFlavor;

namespace DbProxy.IntegrationTests.Clients;

/// <summary>PyMySQL, a client of another language that shares no code with any other here.</summary>
public sealed class PythonClientTests
{
    private const string Python = "/usr/bin/python3";

    private const string Script = """
        import os, ssl, time, pymysql
        tls = None
        if os.environ["TLS"] == "1":
            tls = ssl.create_default_context()
            tls.check_hostname = False
            tls.verify_mode = ssl.CERT_NONE
        def connect(**more):
            return pymysql.connect(host="127.0.0.1", port=int(os.environ["PORT"]), user="app", password=os.environ["PASSWORD"],
                                   database=os.environ["SCHEMA"], charset="utf8mb4", ssl=tls, autocommit=False, **more)
        def all(cursor, sql, *values):
            cursor.execute(sql, values)
            return cursor.fetchall()
        for round in range(3):
            with connect() as db, db.cursor() as c:
                c.execute("CREATE TABLE IF NOT EXISTS t (id INT AUTO_INCREMENT PRIMARY KEY, v VARCHAR(20), w DECIMAL(10,2)) CHARACTER SET utf8mb4")
                c.execute("DELETE FROM t")
                c.executemany("INSERT INTO t (v, w) VALUES (%s, %s)", [("Grüße", "1.50"), (None, None), ("🐬", "-2.25")])
                assert c.rowcount == 3
                assert all(c, "SELECT @@server_id") == ((1,),), "autocommit is off: all on the primary"
                db.commit()
                assert all(c, "SELECT COUNT(*), SUM(w) FROM t")[0][0] == 3
                db.rollback()
                db.autocommit(True)
                servers, limit = set(), time.time() + 20
                while servers != {2, 3} and time.time() < limit:
                    servers.add(all(c, "SELECT @@server_id")[0][0])
                assert servers == {2, 3}, servers
                assert [r[0] for r in all(c, "SELECT v FROM t ORDER BY id")] == ["Grüße", None, "🐬"]
                try:
                    all(c, "SELECT * FROM missing")
                    assert False
                except pymysql.err.ProgrammingError as e:
                    assert e.args[0] == 1146
                db.ping()
                db.select_db("information_schema")
                assert all(c, "SELECT DATABASE()") == (("information_schema",),)
        with connect(client_flag=pymysql.constants.CLIENT.MULTI_STATEMENTS, cursorclass=pymysql.cursors.SSCursor) as db, db.cursor() as c:
            c.execute("SELECT 1; SELECT 2")
            first = c.fetchall()
            c.nextset()
            assert (list(first), list(c.fetchall())) == ([(1,)], [(2,)])
        print("done", pymysql.__version__)
        """;

    [Theory]
    [InlineData(Flavor.MySql, true)]
    [InlineData(Flavor.MySql, false)]
    [InlineData(Flavor.MariaDb, true)]
    [InlineData(Flavor.MariaDb, false)]
    public async Task Pymysql_works_with_tls_and_without(Flavor flavor, bool tls)
    {
        await RequirePyMySqlAsync();
        await using var bed = await TestBed.StartAsync(flavor);
        var (code, output, error) = await ProgramClient.RunAsync(
            new ProgramCommand(Python, ["-c", Script]), "",
            ("PORT", bed.Proxy.Port.ToString(CultureInfo.InvariantCulture)), ("PASSWORD", bed.Cluster.App.Password), ("SCHEMA", bed.Schema), ("TLS", tls ? "1" : "0"));
        Assert.True(code == 0 && output.StartsWith("done", StringComparison.Ordinal), $"{code}\n{output}\n{error}");
    }

    private static async Task RequirePyMySqlAsync()
    {
        if (!File.Exists(Python))
        {
            Assert.Skip($"There is no {Python}.");
        }

        var (code, _, _) = await ProgramClient.RunAsync(new ProgramCommand(Python, ["-c", "import pymysql"]));
        if (code != 0)
        {
            Assert.Skip("PyMySQL is not installed (Debian: python3-pymysql).");
        }
    }
}
