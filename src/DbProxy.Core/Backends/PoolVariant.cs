using System.Net;
using DbProxy.Protocol;
using DbProxy.Protocol.Packets;

namespace DbProxy.Core.Backends;

/// <summary>
/// What a client chose at its login that a server connection cannot change afterwards. Sessions share connections only
/// with sessions of the same choice.
/// </summary>
/// <param name="Flags">Those capabilities.</param>
/// <param name="Client">The client's address where servers are told it, because their accounts may be bound to it; null:
/// they see the proxy's, whoever the client is.</param>
/// <param name="Driver">The client's driver where MariaDB treats it in a way of its own; null: any other.</param>
internal readonly record struct PoolVariant(Capabilities Flags, IPAddress? Client = null, string? Driver = null)
{
    /// <summary>MySql.Data stumbles over collations without a number, which MariaDB does not show to who calls itself so.</summary>
    public const string MySqlData = "mysql-connector-net";

    // These change the packets themselves. A client and its server connections have the same ones, so that the hot path
    // passes packets on as they are; an application's clients are of one kind, so that they share connections all the same.
    private const Capabilities Framing =
        Capabilities.QueryAttributes | Capabilities.OptionalResultsetMetadata | Capabilities.MariaDbExtendedMetadata
        | Capabilities.MariaDbProgress | Capabilities.MariaDbStmtBulkOperations;

    // DEPRECATE_EOF too: the EOF behind the columns carries flags (more results, OUT parameters) that libmariadb acts upon before
    // it reads the rows, and a server that deprecates EOFs tells them only behind the rows.
    private const Capabilities Fixed =
        Capabilities.FoundRows | Capabilities.IgnoreSpace | Capabilities.LocalFiles | Capabilities.Odbc | Capabilities.Interactive
        | Capabilities.DeprecateEof | Framing;

    public static PoolVariant Of(Capabilities client, ConnectionAttributes attributes) => new(client & Fixed, Driver: DriverOf(attributes));

    /// <summary>The driver among a client's attributes; null: one that is treated as any other, and as nearly all.</summary>
    public static string? DriverOf(ConnectionAttributes attributes) =>
        attributes.Encoded.Span.IndexOf("mysql-connector-net"u8) >= 0 && attributes.ToPairs().Any(a => a is { Key: "_client_name", Value: MySqlData })
            ? MySqlData
            : null;

    /// <summary>What a connection lacks that its client was promised: packets would then not be what one side takes them for.</summary>
    public Capabilities MissingIn(Capabilities negotiated) => Flags & Framing & ~negotiated;
}
