namespace DbProxy.Protocol.Responses;

/// <summary>What a server may answer to a command, as far as finding the end of the answer depends on it.</summary>
public enum ResponseShape : byte
{
    /// <summary>No answer at all (COM_STMT_CLOSE, COM_STMT_SEND_LONG_DATA, COM_QUIT).</summary>
    None,

    /// <summary>One OK, EOF or ERR packet.</summary>
    Single,

    /// <summary>Any number of results, each an OK, an ERR or columns and rows; LOCAL INFILE requests between.</summary>
    Results,

    /// <summary>As <see cref="Results"/>, asked for with a cursor: rows may stay on the server.</summary>
    CursorResults,

    /// <summary>The answer to COM_STMT_PREPARE.</summary>
    Prepare,

    /// <summary>Rows without columns, the answer to COM_STMT_FETCH; also COM_FIELD_LIST's column definitions.</summary>
    Rows,

    /// <summary>One packet of text without a marker (COM_STATISTICS), or an ERR.</summary>
    Text,
}
