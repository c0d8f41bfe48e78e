namespace DbProxy.Sql;

internal enum CommentOutcome : byte
{
    /// <summary>The byte is an operator.</summary>
    NoComment,

    /// <summary>The lexer stands behind the comment, or at the code within it.</summary>
    Skipped,

    /// <summary>The comment has no end.</summary>
    Open,
}
