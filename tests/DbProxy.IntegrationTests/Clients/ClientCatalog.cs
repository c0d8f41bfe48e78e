using Flavor = DbProxy.LocalCluster.ServerFlavor;

namespace DbProxy.IntegrationTests.Clients;

/// <summary>A client program in <c>tests/clients</c>.</summary>
/// <param name="Name">What its program is told, and the name in tests and in the matrix.</param>
/// <param name="Folder">Its folder; several clients may share one.</param>
/// <param name="Group">The table of the matrix in which it stands.</param>
/// <param name="List">The section of <c>capabilities.txt</c> that it is asked to prove.</param>
public sealed record ClientEntry(string Name, string Folder, string Group, string List = "drivers")
{
    /// <summary>The kind of server that lacks every plugin that this client knows. Through the proxy it works there all the same.</summary>
    public Flavor? NoDirectLoginOn { get; init; }

    /// <summary>Whether it logs in as one of the proxy's <c>Users</c>, whose password the proxy has from its configuration.</summary>
    public bool IsProxyUser { get; init; }
}

/// <summary>All clients, in the order of the matrix.</summary>
internal static class ClientCatalog
{
    public static readonly ClientEntry[] All =
    [
        new("mysqlconnector", "dotnet", ".NET"),
        new("dapper", "dotnet", ".NET"),
        new("efcore", "dotnet", ".NET"),
        new("mysql-data", "mysql-data", ".NET"),
        new("mysql2", "node", "Node, Python and PHP"),
        new("mysql", "node", "Node, Python and PHP") { NoDirectLoginOn = Flavor.MySql, IsProxyUser = true },
        new("pymysql", "python", "Node, Python and PHP"),
        new("mysqlclient", "python", "Node, Python and PHP"),
        new("mysqli", "php", "Node, Python and PHP"),
        new("pdo", "php", "Node, Python and PHP"),
        new("go-sql-driver", "go", "Go, Java, Perl, Ruby and C"),
        new("connector-j", "java", "Go, Java, Perl, Ruby and C"),
        new("dbd-mysql", "perl", "Go, Java, Perl, Ruby and C"),
        new("dbd-mariadb", "perl", "Go, Java, Perl, Ruby and C"),
        new("ruby-mysql2", "ruby", "Go, Java, Perl, Ruby and C"),
        new("libmariadb", "c", "Go, Java, Perl, Ruby and C"),
        new("shell-mysql", "shell", "Programs", "programs") { NoDirectLoginOn = Flavor.MariaDb },
        new("shell-mariadb", "shell", "Programs", "programs"),
        new("sysbench", "sysbench", "sysbench", "sysbench"),
    ];

    public static ClientEntry Find(string name) => All.Single(c => c.Name == name);
}
