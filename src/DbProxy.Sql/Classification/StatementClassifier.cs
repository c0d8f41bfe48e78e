namespace DbProxy.Sql;

/// <summary>
/// Says what a text is and which servers may run it. A statement is a read only when that is proved; whatever isn't understood,
/// has no end, or reads differently on another server version, is a write. Allocates nothing and never throws for any bytes.
/// </summary>
public static class StatementClassifier
{
    /// <summary>Classifies a text, which may hold several statements.</summary>
    /// <param name="sql">The text of a COM_QUERY or COM_STMT_PREPARE, in UTF-8 or another ASCII-transparent character set.</param>
    /// <param name="modes">The session's and the server's lexical modes.</param>
    public static Statement Classify(ReadOnlySpan<byte> sql, LexerModes modes)
    {
        var statement = ClassifyVariant(sql, modes, uint.MaxValue, out var uncertain);
        return uncertain == 0 ? statement : ClassifyVariants(sql, modes, statement, uncertain);
    }

    /// <summary>The first KILL of a text with <see cref="Statement.HoldsKill"/>; null: no more, or servers may read the text differently.</summary>
    /// <param name="sql">The text, or what is left of it.</param>
    /// <param name="modes">As for <see cref="Classify"/>.</param>
    public static KillInBatch? FindKill(ReadOnlySpan<byte> sql, LexerModes modes) => new StatementScanner(sql, modes, uint.MaxValue).FindKill();

    private static Statement ClassifyVariant(ReadOnlySpan<byte> sql, LexerModes modes, uint executed, out int uncertain)
    {
        var scanner = new StatementScanner(sql, modes, executed);
        var statement = scanner.ScanText();
        uncertain = scanner.UncertainComments;
        return statement;
    }

    /// <summary>
    /// Reads the text once for every set of servers' decisions about its version comments. It stays a read when it is one in
    /// every reading; traits are united, and of kinds that differ the first that isn't empty is taken.
    /// </summary>
    private static Statement ClassifyVariants(ReadOnlySpan<byte> sql, LexerModes modes, Statement merged, int uncertain)
    {
        if (uncertain > Lexer.MaxUncertainComments)
            return AsAmbiguous(merged);
        for (uint executed = 0; executed < (1u << uncertain) - 1; executed++)
        {
            var variant = ClassifyVariant(sql, modes, executed, out var inVariant);
            if (inVariant > uncertain)
                return AsAmbiguous(merged);
            merged = Merge(merged, variant);
        }
        return merged;
    }

    private static Statement Merge(Statement first, Statement second)
    {
        var traits = first.Traits | second.Traits;
        if (first.Kind == second.Kind && first.Access == second.Access)
            return first with { Traits = traits };
        var kind = first.Kind == StatementKind.Empty ? second : first;
        if (first.Access != second.Access)
            traits |= StatementTraits.Ambiguous;
        var access = first.Access == second.Access ? first.Access : StatementAccess.Write;
        return kind with { Access = access, Traits = traits };
    }

    private static Statement AsAmbiguous(Statement statement) => statement with
    {
        Access = StatementAccess.Write,
        Traits = statement.Traits | StatementTraits.Ambiguous,
    };
}
