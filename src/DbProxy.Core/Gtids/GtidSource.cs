namespace DbProxy.Core.Gtids;

/// <summary>
/// Who numbers the transactions: in MySQL the source's UUID with, since 8.3, an optional tag; in MariaDB the
/// replication domain (positions of one domain are comparable whichever server wrote them).
/// </summary>
/// <param name="Uuid">MySQL: the source's UUID; empty for MariaDB.</param>
/// <param name="Tag">MySQL 8.3 and later: the tag in lower case, else null.</param>
/// <param name="Domain">MariaDB: the replication domain.</param>
public readonly record struct GtidSource(Guid Uuid, string? Tag, uint Domain);
