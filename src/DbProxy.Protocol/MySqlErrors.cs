namespace DbProxy.Protocol;

/// <summary>An error's number and SQLSTATE as MySQL's message catalogue has them.</summary>
/// <param name="Code">The number.</param>
/// <param name="SqlState">Five characters.</param>
public readonly record struct MySqlError(ushort Code, string SqlState);

/// <summary>The errors that a proxy sends or recognises. Source: MySQL's and MariaDB's errmsg catalogues.</summary>
public static class MySqlErrors
{
    /// <summary>ER_CON_COUNT_ERROR: too many connections.</summary>
    public static readonly MySqlError TooManyConnections = new(1040, "08004");
    /// <summary>ER_OUT_OF_RESOURCES.</summary>
    public static readonly MySqlError OutOfResources = new(1041, "HY000");
    /// <summary>ER_HANDSHAKE_ERROR: bad handshake.</summary>
    public static readonly MySqlError BadHandshake = new(1043, "08S01");
    /// <summary>ER_DBACCESS_DENIED_ERROR: user has no access to the schema.</summary>
    public static readonly MySqlError DbAccessDenied = new(1044, "42000");
    /// <summary>ER_ACCESS_DENIED_ERROR: wrong user or password.</summary>
    public static readonly MySqlError AccessDenied = new(1045, "28000");
    /// <summary>ER_NO_DB_ERROR: no database selected.</summary>
    public static readonly MySqlError NoDatabase = new(1046, "3D000");
    /// <summary>ER_UNKNOWN_COM_ERROR: unknown or unsupported command.</summary>
    public static readonly MySqlError UnknownCommand = new(1047, "08S01");
    /// <summary>ER_BAD_DB_ERROR: unknown database.</summary>
    public static readonly MySqlError UnknownDatabase = new(1049, "42000");
    /// <summary>ER_SERVER_SHUTDOWN: server shutdown in progress.</summary>
    public static readonly MySqlError ServerShutdown = new(1053, "08S01");
    /// <summary>ER_PARSE_ERROR.</summary>
    public static readonly MySqlError ParseError = new(1064, "42000");
    /// <summary>ER_EMPTY_QUERY: query was empty.</summary>
    public static readonly MySqlError EmptyQuery = new(1065, "42000");
    /// <summary>ER_NO_SUCH_THREAD: unknown thread id (KILL).</summary>
    public static readonly MySqlError NoSuchThread = new(1094, "HY000");
    /// <summary>ER_KILL_DENIED_ERROR: not the owner of that thread.</summary>
    public static readonly MySqlError KillDenied = new(1095, "HY000");
    /// <summary>ER_UNKNOWN_ERROR.</summary>
    public static readonly MySqlError UnknownError = new(1105, "HY000");
    /// <summary>ER_HOST_IS_BLOCKED.</summary>
    public static readonly MySqlError HostBlocked = new(1129, "HY000");
    /// <summary>ER_HOST_NOT_PRIVILEGED.</summary>
    public static readonly MySqlError HostNotPrivileged = new(1130, "HY000");
    /// <summary>ER_NEW_ABORTING_CONNECTION: connection aborted.</summary>
    public static readonly MySqlError AbortingConnection = new(1184, "08S01");
    /// <summary>ER_NET_PACKET_TOO_LARGE: packet larger than max_allowed_packet.</summary>
    public static readonly MySqlError PacketTooLarge = new(1153, "08S01");
    /// <summary>ER_NET_PACKETS_OUT_OF_ORDER.</summary>
    public static readonly MySqlError PacketsOutOfOrder = new(1156, "08S01");
    /// <summary>ER_NET_UNCOMPRESS_ERROR: a compressed packet cannot be unpacked.</summary>
    public static readonly MySqlError UncompressError = new(1157, "08S01");
    /// <summary>ER_NET_READ_ERROR: error reading from the peer.</summary>
    public static readonly MySqlError NetReadError = new(1158, "08S01");
    /// <summary>ER_NET_READ_INTERRUPTED: timeout while reading.</summary>
    public static readonly MySqlError NetReadTimeout = new(1159, "08S01");
    /// <summary>ER_NET_ERROR_ON_WRITE.</summary>
    public static readonly MySqlError NetWriteError = new(1160, "08S01");
    /// <summary>ER_NET_WRITE_INTERRUPTED: timeout while writing.</summary>
    public static readonly MySqlError NetWriteTimeout = new(1161, "08S01");
    /// <summary>ER_LOCK_WAIT_TIMEOUT.</summary>
    public static readonly MySqlError LockWaitTimeout = new(1205, "HY000");
    /// <summary>ER_LOCK_DEADLOCK.</summary>
    public static readonly MySqlError Deadlock = new(1213, "40001");
    /// <summary>ER_SPECIFIC_ACCESS_DENIED_ERROR: a privilege is missing.</summary>
    public static readonly MySqlError SpecificAccessDenied = new(1227, "42000");
    /// <summary>ER_NOT_SUPPORTED_YET.</summary>
    public static readonly MySqlError NotSupportedYet = new(1235, "42000");
    /// <summary>ER_UNKNOWN_STMT_HANDLER: unknown prepared statement.</summary>
    public static readonly MySqlError UnknownStatement = new(1243, "HY000");
    /// <summary>ER_NOT_SUPPORTED_AUTH_MODE: client is too old for the server's authentication.</summary>
    public static readonly MySqlError AuthModeNotSupported = new(1251, "08004");
    /// <summary>ER_OPTION_PREVENTS_STATEMENT: --read-only and its like.</summary>
    public static readonly MySqlError OptionPreventsStatement = new(1290, "HY000");
    /// <summary>ER_QUERY_INTERRUPTED: killed or timed out.</summary>
    public static readonly MySqlError QueryInterrupted = new(1317, "70100");
    /// <summary>ER_MALFORMED_PACKET.</summary>
    public static readonly MySqlError MalformedPacket = new(1835, "HY000");
    /// <summary>ER_READ_ONLY_MODE: the server runs in read-only mode.</summary>
    public static readonly MySqlError ReadOnlyMode = new(1836, "HY000");
    /// <summary>ER_CANT_EXECUTE_IN_READ_ONLY_TRANSACTION.</summary>
    public static readonly MySqlError ReadOnlyTransaction = new(1792, "25006");
    /// <summary>ER_PLUGIN_IS_NOT_LOADED: authentication plugin not loaded.</summary>
    public static readonly MySqlError PluginNotLoaded = new(1524, "HY000");
    /// <summary>ER_MUST_CHANGE_PASSWORD: expired password.</summary>
    public static readonly MySqlError MustChangePassword = new(1820, "HY000");
    /// <summary>ER_SECURE_TRANSPORT_REQUIRED: the user or the server requires TLS.</summary>
    public static readonly MySqlError SecureTransportRequired = new(3159, "HY000");
    /// <summary>ER_CLIENT_INTERACTION_TIMEOUT: idle longer than wait_timeout.</summary>
    public static readonly MySqlError ClientInteractionTimeout = new(4031, "HY000");
    /// <summary>
    /// ER_CONNECT_TO_FOREIGN_DATA_SOURCE, with the SQLSTATE of a lost connection, which drivers and pools act on. The
    /// client libraries' own 2003 must not stand in a packet: libmariadb takes codes from 2000 to 2999 for malformed.
    /// </summary>
    public static readonly MySqlError CannotConnect = new(1429, "08S01");
    /// <summary>ER_NET_READ_ERROR: the server was lost; not 2013, for the reason that <see cref="CannotConnect"/> gives.</summary>
    public static readonly MySqlError ServerLost = NetReadError;
}
