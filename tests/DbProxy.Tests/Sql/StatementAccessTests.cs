using DbProxy.Sql;
using Xunit;

namespace DbProxy.Tests.Sql;

public sealed class StatementAccessTests
{
    public static TheoryData<string> Reads => [.. ReadStatements.All];

    public static TheoryData<string> Writes => [.. WriteStatements.Selects, .. WriteStatements.Others];

    [Theory]
    [MemberData(nameof(Reads))]
    public void A_provable_read_may_go_to_a_replica(string sql) =>
        Assert.Equal(StatementAccess.Read, SqlText.Classify(sql).Access);

    [Theory]
    [MemberData(nameof(Writes))]
    public void Everything_else_goes_to_the_primary(string sql) =>
        Assert.Equal(StatementAccess.Write, SqlText.Classify(sql).Access);

    [Theory]
    [InlineData("START TRANSACTION READ ONLY")]
    [InlineData("start transaction with consistent snapshot, read only")]
    [InlineData("START TRANSACTION READ /* x */ ONLY;")]
    public void A_read_only_transaction_is_its_own_class(string sql) =>
        Assert.Equal(StatementAccess.ReadTransaction, SqlText.Classify(sql).Access);

    [Theory]
    [InlineData("SELECT \"a; DELETE FROM t\" FROM t", LexerModes.AnsiQuotes, StatementAccess.Read)]
    [InlineData("SELECT \"a\\\" FOR UPDATE -- \"", LexerModes.AnsiQuotes, StatementAccess.Write)]
    [InlineData("SELECT \"a\\\" FOR UPDATE -- \"", LexerModes.None, StatementAccess.Read)]
    [InlineData("SELECT 'a\\' FOR UPDATE -- '", LexerModes.None, StatementAccess.Read)]
    [InlineData("SELECT 'a\\' FOR UPDATE -- '", LexerModes.NoBackslashEscapes, StatementAccess.Write)]
    [InlineData("SELECT 'a\\'", LexerModes.NoBackslashEscapes, StatementAccess.Read)]
    [InlineData("SELECT \"get_lock\"('a',1)", LexerModes.AnsiQuotes, StatementAccess.Write)]
    [InlineData("SELECT @\"a\\\"", LexerModes.AnsiQuotes, StatementAccess.Write)]
    [InlineData("/*M! SELECT 1 */", LexerModes.MariaDb, StatementAccess.Read)]
    [InlineData("/*M! SELECT 1 */", LexerModes.None, StatementAccess.Write)]
    public void The_session_modes_decide_where_quotes_end(string sql, LexerModes modes, StatementAccess access) =>
        Assert.Equal(access, SqlText.Classify(sql, modes).Access);
}
