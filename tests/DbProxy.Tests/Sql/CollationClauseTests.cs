using System.Text;
using DbProxy.Sql;
using Xunit;

namespace DbProxy.Tests.Sql;

public sealed class CollationClauseTests
{
    [Theory]
    [InlineData("SET NAMES latin1", "")]
    [InlineData("set names 'utf8mb4' collate 'utf8mb4_unicode_ci'", "utf8mb4_unicode_ci")]
    [InlineData("SET /* COLLATE x */ NAMES utf8mb4 COLLATE utf8mb4_bin -- collate", "utf8mb4_bin")]
    [InlineData("SET time_zone = 'COLLATE x', NAMES utf8mb4 COLLATE \"utf8mb4_bin\";", "utf8mb4_bin")]
    [InlineData("SET NAMES `utf8mb4` COLLATE `utf8mb4_bin`", "utf8mb4_bin")]
    public void The_collation_that_a_statement_names_is_found(string sql, string collation)
    {
        Assert.True(CollationClause.TryFind(Encoding.UTF8.GetBytes(sql), LexerModes.None, out var found));
        Assert.Equal(collation, Encoding.UTF8.GetString(found));
    }

    [Theory]
    [InlineData("SET CHARACTER SET latin1")]
    [InlineData("SET @a = 'x' COLLATE utf8mb4_bin, NAMES utf8mb4")]
    [InlineData("SET NAMES utf8mb4 COLLATE utf8mb4_bin, @a = 'x' COLLATE latin1_bin")]
    [InlineData("SET NAMES 'utf8mb4")]
    [InlineData("")]
    public void What_cannot_be_told_is_not_guessed(string sql) =>
        Assert.False(CollationClause.TryFind(Encoding.UTF8.GetBytes(sql), LexerModes.None, out _));
}
