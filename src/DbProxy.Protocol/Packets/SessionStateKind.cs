namespace DbProxy.Protocol.Packets;

/// <summary>What changed in a session. Source: MySQL's enum_session_state_type.</summary>
public enum SessionStateKind : byte
{
    /// <summary>A system variable: name and value.</summary>
    SystemVariable = 0,
    /// <summary>The current schema.</summary>
    Schema = 1,
    /// <summary>"1": some state (temporary table, prepared statement, user variable, …) was set.</summary>
    StateChange = 2,
    /// <summary>GTIDs of the last transaction (MySQL; MariaDB tracks the variable last_gtid instead).</summary>
    Gtids = 3,
    /// <summary>The SQL that would start the current transaction again.</summary>
    TransactionCharacteristics = 4,
    /// <summary>Eight characters about the current transaction.</summary>
    TransactionState = 5,
}
