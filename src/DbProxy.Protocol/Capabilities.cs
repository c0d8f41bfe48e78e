namespace DbProxy.Protocol;

/// <summary>
/// Capability flags of the connection phase: MySQL's 32 bits, and MariaDB's extended ones in the high half.
/// </summary>
/// <remarks>
/// Source: MySQL internals manual, "Capabilities Flags"; MariaDB knowledge base, "Connection, capabilities". MariaDB
/// clears <see cref="LongPassword"/> (its CLIENT_MYSQL) to say that reserved bytes carry the high half.
/// </remarks>
[Flags]
public enum Capabilities : ulong
{
    /// <summary>Nothing.</summary>
    None = 0,
    /// <summary>CLIENT_LONG_PASSWORD; MariaDB reads it as CLIENT_MYSQL: "no extended capabilities from me".</summary>
    LongPassword = 1,
    /// <summary>UPDATE reports rows found instead of rows changed.</summary>
    FoundRows = 2,
    /// <summary>Column flags are two bytes wide.</summary>
    LongFlag = 4,
    /// <summary>The handshake response carries a schema.</summary>
    ConnectWithDb = 8,
    /// <summary>Refuse database.table.column.</summary>
    NoSchema = 0x10,
    /// <summary>zlib compression after the handshake.</summary>
    Compress = 0x20,
    /// <summary>ODBC client; no effect in the server.</summary>
    Odbc = 0x40,
    /// <summary>LOAD DATA LOCAL INFILE is possible.</summary>
    LocalFiles = 0x80,
    /// <summary>Parser allows spaces before '(' of a function call.</summary>
    IgnoreSpace = 0x100,
    /// <summary>The 4.1 protocol; anything older is refused.</summary>
    Protocol41 = 0x200,
    /// <summary>interactive_timeout rules instead of wait_timeout.</summary>
    Interactive = 0x400,
    /// <summary>TLS: in a response, the 32-byte SSLRequest came first.</summary>
    Ssl = 0x800,
    /// <summary>Client-only flag; no effect in the server.</summary>
    IgnoreSigpipe = 0x1000,
    /// <summary>Status flags are sent in OK and EOF packets.</summary>
    Transactions = 0x2000,
    /// <summary>Once CLIENT_PROTOCOL_41; unused.</summary>
    Reserved = 0x4000,
    /// <summary>4.1 authentication: one length byte before the authentication response.</summary>
    SecureConnection = 0x8000,
    /// <summary>Several statements in one COM_QUERY.</summary>
    MultiStatements = 1UL << 16,
    /// <summary>Several results in answer to COM_QUERY.</summary>
    MultiResults = 1UL << 17,
    /// <summary>Several results in answer to COM_STMT_EXECUTE.</summary>
    PsMultiResults = 1UL << 18,
    /// <summary>The authentication plugin is named.</summary>
    PluginAuth = 1UL << 19,
    /// <summary>The handshake response carries connection attributes.</summary>
    ConnectAttributes = 1UL << 20,
    /// <summary>The authentication response is a length-encoded string.</summary>
    PluginAuthLenencData = 1UL << 21,
    /// <summary>An expired password leads to a sandbox session instead of a refusal.</summary>
    HandleExpiredPasswords = 1UL << 22,
    /// <summary>OK packets carry session state changes.</summary>
    SessionTrack = 1UL << 23,
    /// <summary>Results end with an OK packet of header 0xFE; no EOF after the columns.</summary>
    DeprecateEof = 1UL << 24,
    /// <summary>Result metadata may be left out (resultset_metadata).</summary>
    OptionalResultsetMetadata = 1UL << 25,
    /// <summary>zstd compression after the handshake.</summary>
    ZstdCompression = 1UL << 26,
    /// <summary>COM_QUERY and COM_STMT_EXECUTE carry query attributes.</summary>
    QueryAttributes = 1UL << 27,
    /// <summary>Several authentication factors (MySQL 8.0.27).</summary>
    MultiFactorAuth = 1UL << 28,
    /// <summary>Reserved to extend the flags to 64 bits. Old MariaDB: progress reports.</summary>
    CapabilityExtension = 1UL << 29,
    /// <summary>Client-only: verify the server's certificate.</summary>
    SslVerifyServerCert = 1UL << 30,
    /// <summary>Client-only: keep the options after a failed connect.</summary>
    RememberOptions = 1UL << 31,
    /// <summary>MariaDB: progress reports as ERR packets of code 0xFFFF.</summary>
    MariaDbProgress = 1UL << 32,
    /// <summary>MariaDB: COM_MULTI (never released; reserved).</summary>
    MariaDbComMulti = 1UL << 33,
    /// <summary>MariaDB: COM_STMT_BULK_EXECUTE.</summary>
    MariaDbStmtBulkOperations = 1UL << 34,
    /// <summary>MariaDB: column definitions carry an extended type string.</summary>
    MariaDbExtendedMetadata = 1UL << 35,
    /// <summary>MariaDB: prepared results leave out metadata that the client has.</summary>
    MariaDbCacheMetadata = 1UL << 36,
    /// <summary>MariaDB: bulk execution answers with one result per unit.</summary>
    MariaDbBulkUnitResults = 1UL << 37,
    /// <summary>Every flag that only MariaDB's extended 32 bits can carry.</summary>
    MariaDbExtendedMask = 0xFFFF_FFFF_0000_0000,
}
