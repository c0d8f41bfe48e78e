using System.Text;
using CsCheck;
using DbProxy.Sql;
using Xunit;

namespace DbProxy.Tests.Sql;

public sealed class ClassifierPropertyTests
{
    private static readonly string[] Statements = [.. ReadStatements.All, .. WriteStatements.Selects, .. WriteStatements.Others];

    private static readonly string[] Fillers = [" ", "\n", "\t \r\n", "/* c */", "/**/", " -- x\n", "#y FOR UPDATE\n", " /* ' */ ", " --\n", "\f", "/* ; */"];

    private static readonly Gen<string> AnyStatement = Gen.Int[0, Statements.Length - 1].Select(i => Statements[i]);

    private static readonly LexerModes[] Charsets =
        [LexerModes.None, LexerModes.Gbk, LexerModes.Gb18030, LexerModes.Big5, LexerModes.ShiftJis, LexerModes.BlankA0, LexerModes.BlankFF];

    private static readonly Gen<LexerModes> AnyModes =
        Gen.Select(Gen.Int[0, 7], Gen.Int[0, Charsets.Length - 1], (m, c) => (LexerModes)m | Charsets[c]);

    [Fact]
    public void Comments_blanks_and_case_never_change_the_classification() =>
        Gen.Select(AnyStatement, Gen.Int[0, Fillers.Length - 1].Array[64], Gen.Int[0, 2].Array[64]).Sample(
            (sql, fillers, cases) =>
            {
                var changed = Inject(Encoding.UTF8.GetBytes(sql), fillers, cases);
                return changed is null || StatementClassifier.Classify(changed, LexerModes.None).Equals(SqlText.Classify(sql) with
                {
                    Argument = StatementClassifier.Classify(changed, LexerModes.None).Argument,
                });
            }, iter: 20_000);

    [Fact]
    public void A_digest_ignores_comments_and_blanks() =>
        Gen.Select(AnyStatement, Gen.Int[0, Fillers.Length - 1].Array[64]).Sample(
            (sql, fillers) =>
            {
                var changed = Inject(Encoding.UTF8.GetBytes(sql), fillers, new int[64], separatesOperators: false);
                return changed is null || StatementDigest.Compute(changed, LexerModes.None) == SqlText.Hash(sql);
            }, iter: 20_000);

    [Fact]
    public void No_bytes_make_it_throw() =>
        Gen.Select(Gen.Byte.Array[0, 200], AnyModes).Sample((bytes, modes) => Touch(bytes, modes), iter: 20_000);

    [Fact]
    public void No_tokens_in_any_order_make_it_throw()
    {
        string[] pieces =
        [
            "SELECT", "SET", "SHOW", "EXPLAIN", "WITH", "BEGIN", "CREATE", "KILL", "USE", "FOR", "UPDATE", "INTO", "@a", "@@", "@", ".", "(", ")", ",", ";", "'", "\"", "`", "\\",
            "/*", "*/", "/*!", "/*!80000", "/*M!", "/*+", "--", " ", "\n", "#", "1", "1e", "0x", ":=", "VALUES", "IN", "STATEMENT", "LAST_INSERT_ID", "x", "\0", "é", "FORMAT", "=", "NULL", "-",
        ];
        Gen.Select(Gen.Int[0, pieces.Length - 1].Select(i => pieces[i]).Array[0, 30], AnyModes).Sample(
            (tokens, modes) => Touch(Encoding.UTF8.GetBytes(string.Join("", tokens)), modes), iter: 50_000);
    }

    [Fact]
    public void No_prefix_of_a_statement_makes_it_throw()
    {
        foreach (var sql in Statements)
        {
            var bytes = Encoding.UTF8.GetBytes(sql);
            for (var length = 0; length <= bytes.Length; length++)
                Assert.True(Touch(bytes[..length], LexerModes.None), sql[..Math.Min(length, sql.Length)]);
        }
    }

    [Fact]
    public void Nothing_is_allocated()
    {
        var texts = Statements.Select(Encoding.UTF8.GetBytes).ToArray();
        var digest = new byte[1024];
        Run();
        var before = GC.GetAllocatedBytesForCurrentThread();
        Run();
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());

        void Run()
        {
            foreach (var text in texts)
            {
                StatementClassifier.Classify(text, LexerModes.None);
                StatementDigest.Compute(text, LexerModes.None);
                StatementDigest.Normalize(text, digest, LexerModes.None);
            }
        }
    }

    [Fact]
    public void A_statement_stays_small() => Assert.InRange(System.Runtime.CompilerServices.Unsafe.SizeOf<Statement>(), 1, 24);

    private static bool Touch(byte[] bytes, LexerModes modes)
    {
        var statement = StatementClassifier.Classify(bytes, modes);
        StatementDigest.Compute(bytes, modes);
        Span<byte> digest = stackalloc byte[64];
        return StatementDigest.Normalize(bytes, digest, modes) <= 64
            && statement.CopySchema(bytes, digest) <= statement.SchemaLength
            && statement.SchemaOffset + statement.SchemaLength <= bytes.Length;
    }

    /// <summary>The same tokens with other text between; null where the text between tokens carries meaning (executable comments, errors).</summary>
    private static byte[]? Inject(byte[] sql, int[] fillers, int[] cases, bool separatesOperators = true)
    {
        if (Encoding.UTF8.GetString(sql) is var text && (text.Contains("/*!") || text.Contains("/*M!") || text.Contains("/*+")))
            return null;
        var result = new List<byte>();
        var lexer = new Lexer(sql, LexerModes.None);
        var (previous, previousEnd) = (TokenKind.End, 0);
        for (var i = 0; lexer.Next() != TokenKind.End; i++)
        {
            if (lexer.Kind == TokenKind.Invalid)
                return null;
            // Directly around dots, behind @@ and before an account's host, blanks do mean something.
            var touches = previousEnd == lexer.Start && (lexer.Kind is TokenKind.Dot or TokenKind.UserVariable
                || previous is TokenKind.Dot or TokenKind.SystemVariable
                || (!separatesOperators && previous == TokenKind.Punctuation));
            if (!touches)
                result.AddRange(Encoding.UTF8.GetBytes(Fillers[fillers[i % fillers.Length]]));
            result.AddRange(lexer.Kind == TokenKind.Word ? Recase(lexer.Text, cases[i % cases.Length]) : lexer.Text.ToArray());
            (previous, previousEnd) = (lexer.Kind, lexer.End);
        }
        result.AddRange(Encoding.UTF8.GetBytes(Fillers[fillers[^1]]));
        return [.. result];
    }

    private static byte[] Recase(ReadOnlySpan<byte> word, int choice)
    {
        var result = word.ToArray();
        for (var i = 0; i < result.Length; i++)
        {
            if (char.IsAsciiLetter((char)result[i]))
                result[i] = choice switch { 1 => (byte)(result[i] | 0x20), 2 => (byte)(result[i] & ~0x20), _ => result[i] };
        }
        return result;
    }
}
