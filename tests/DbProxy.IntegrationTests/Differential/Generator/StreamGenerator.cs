using DbProxy.Protocol;
using Flavor = DbProxy.LocalCluster.ServerFlavor;
using static DbProxy.IntegrationTests.Differential.Generator.Vocabulary;

namespace DbProxy.IntegrationTests.Differential.Generator;

/// <summary>Makes the stream of a seed: the same for ever, as long as the vocabulary stays the same.</summary>
internal static class StreamGenerator
{
    private static readonly (int Weight, string[] Templates)[] Themes =
    [
        (26, Rows), (8, InsertIds), (10, Settings), (12, Standing), (12, Transactions), (10, Pinned), (3, Definitions),
    ];

    /// <summary>The capabilities of a seed's client.</summary>
    public static Capabilities CapabilitiesOf(int seed) =>
        Capabilities.MultiResults | Capabilities.PsMultiResults | Capabilities.PluginAuth
        | ((seed & 1) != 0 ? Capabilities.DeprecateEof : 0) | ((seed & 2) != 0 ? Capabilities.SessionTrack : 0)
        | (seed % 5 != 0 ? Capabilities.MultiStatements : 0);

    /// <summary>Groups that belong together: what asks of the statement before stays behind it.</summary>
    public static List<StreamItem[]> For(int seed, int length, Flavor flavor, string schema)
    {
        var random = new Random(seed);
        var items = new List<StreamItem[]>();
        while (items.Count < length)
        {
            int disturbance = random.Next(10);
            if (disturbance < 4)
            {
                items.Add([new(null, new(disturbance < 2, random.Next()))]);
            }

            items.Add([.. Next(random, flavor, schema)]);
        }

        return items;
    }

    private static IEnumerable<StreamItem> Next(Random random, Flavor flavor, string schema)
    {
        switch (random.Next(100))
        {
            case < 9:
                // Asked right behind: what a statement without tables leaves of it differs on MariaDB, see Differences.
                string asked = Fill(Pick(random, Warned), random, schema);
                string question = Pick(random, Diagnostics);
                return [Query(asked), .. Quietly(random), Query(question)];
            case < 12:
                return [Query("SELECT SQL_CALC_FOUND_ROWS id FROM d ORDER BY id LIMIT 1"), .. Quietly(random), Query("SELECT FOUND_ROWS()")];
            case < 15:
                return [Query(Fill("UPDATE d SET n = n + 1 WHERE id < {n}", random, schema)), .. Quietly(random), Query("SELECT ROW_COUNT()")];
            case < 27:
                return [Prepared(random)];
            case < 29:
                return [new(Step.Command(CommandKind.ResetConnection), null)];
            case < 30:
                return [new(Step.ChangeUser(schema), null)];
            case < 31:
                return [new(Step.InitDb(random.Next(3) == 0 ? "app" : schema), null)];
            case < 39:
                return [Query(Fill(Pick(random, Own(flavor)), random, schema))];
            default:
                return [Query(Fill(Pick(random, Theme(random)), random, schema))];
        }
    }

    /// <summary>Perhaps another session in between, which takes nothing away from this one.</summary>
    private static StreamItem[] Quietly(Random random) => random.Next(2) == 0 ? [new(null, new(false, random.Next()))] : [];

    private static string[] Theme(Random random)
    {
        int at = random.Next(Themes.Sum(t => t.Weight));
        return Themes.First(t => (at -= t.Weight) < 0).Templates;
    }

    private static StreamItem Query(string sql) => new(Step.Query(sql), null);

    private static StreamItem Prepared(Random random)
    {
        object?[] one = [random.Next(4) == 0 ? null : (long)random.Next(1, 8)];
        return new(random.Next(12) switch
        {
            0 => Step.Prepare("read", "SELECT id, n, s FROM d WHERE id >= ? ORDER BY id"),
            1 => Step.Prepare("write", "INSERT INTO d (n) VALUES (?)"),
            2 => Step.Prepare("id", "SELECT LAST_INSERT_ID(), ? + 1"),
            3 => Step.Prepare("quoted", "SELECT \"n\", ? FROM e ORDER BY id"),
            4 => Step.Prepare("set", "SET div_precision_increment = ?"),
            5 => Step.Close("read"),
            6 => Step.Execute("write", one),
            7 => Step.Execute("id", one),
            8 => Step.Execute("quoted", one),
            9 => Step.Execute("set", one),
            _ => Step.Execute("read", one),
        }, null);
    }
}
