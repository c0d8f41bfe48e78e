using System.Collections.Frozen;
using CsCheck;
using DbProxy.Core.Monitoring;
using DbProxy.Core.Sessions;
using Xunit;

namespace DbProxy.Tests.Sessions;

public sealed class SettingsWriterTests
{
    private static readonly ServerModel Server = new()
    {
        Identity = ServerIdentity.Unknown with
        {
            Collations = new Dictionary<int, CollationInfo> { [45] = new("utf8mb4", "utf8mb4_general_ci"), [8] = new("latin1", "latin1_swedish_ci") }.ToFrozenDictionary(),
        },
    };

    private static readonly Gen<string> Value = Gen.OneOf(
        Gen.String[Gen.Char["aZ0 ,=;+-.:'\"\\%_ä"], 0, 12], Gen.Int.Select(i => i.ToString(System.Globalization.CultureInfo.InvariantCulture)));

    private static readonly Gen<SessionSettings> Settings = Gen.Select(
        Gen.Int[0, 3].Select(i => new[] { "sql_mode", "time_zone", "autocommit", "lc_time_names" }[i]), Value).Array[0, 5].Select(variables =>
        {
            SessionSettings settings = SessionSettings.Create("s", 45);
            foreach (var (name, value) in variables)
            {
                settings = settings.WithVariable(name, value);
            }

            return settings;
        });

    [Fact]
    public void What_is_written_brings_any_settings_to_any_other() => Gen.Select(Settings, Settings).Sample((from, to) =>
    {
        var variables = from.Variables.ToDictionary();
        if (SettingsWriter.Statement(from, to, Server) is { } sql)
        {
            foreach (var (name, value) in SetStatement.Parse(sql))
            {
                if (value is null)
                {
                    Assert.True(variables.Remove(name));
                }
                else
                {
                    Assert.False(variables.TryGetValue(name, out string? old) && old == value, $"{name} is set again to the same value");
                    variables[name] = value;
                }
            }
        }

        Assert.Equal(to.Variables.ToDictionary(), variables);
    });

    [Fact]
    public void Nothing_is_written_for_equal_settings() =>
        Settings.Sample(s => Assert.Null(SettingsWriter.Statement(s, SessionSettings.Create("s", 45).With(s), Server)));

    [Fact]
    public void Another_login_collation_is_set_by_its_names() => Assert.Equal(
        "SET NAMES latin1 COLLATE latin1_swedish_ci",
        SettingsWriter.Statement(SessionSettings.Create("", 45), SessionSettings.Create("", 8), Server));

    [Fact]
    public void The_character_sets_go_together_collation_last()
    {
        // SET character_set_connection resets collation_connection.
        SessionSettings from = Charsets("utf8mb4", "utf8mb4_bin");
        SessionSettings to = Charsets("utf8mb4", "utf8mb4_unicode_ci");
        Assert.Equal(
            ["character_set_client", "character_set_connection", "character_set_results", "collation_connection"],
            SetStatement.Parse(SettingsWriter.Statement(from, to, Server)!).Select(a => a.Name));
    }

    [Fact]
    public void Back_to_the_login_charset_names_it_again() => Assert.Equal(
        "SET NAMES utf8mb4 COLLATE utf8mb4_general_ci",
        SettingsWriter.Statement(Charsets("latin1", "latin1_bin"), SessionSettings.Create("", 45), Server));

    [Fact]
    public void The_servers_default_is_set_by_name() => Assert.Equal(
        [("character_set_client", null), ("character_set_connection", null), ("character_set_results", null), ("collation_connection", (string?)null)],
        SetStatement.Parse(SettingsWriter.Statement(SessionSettings.Create("", 45), SessionSettings.Create("", SessionSettings.ServerDefault), Server)!));

    [Fact]
    public void No_results_charset_is_null() => Assert.Contains(
        "character_set_results=NULL",
        SettingsWriter.Statement(SessionSettings.Create("", 45), Charsets("utf8mb4", "utf8mb4_bin").WithVariable("character_set_results", ""), Server),
        StringComparison.Ordinal);

    [Theory]
    [InlineData("", "", true)]
    [InlineData("", "a", true)]
    [InlineData("a", "b", true)]
    [InlineData("a", "", false)]
    public void A_schema_cannot_be_left_for_none(string from, string to, bool can) =>
        Assert.Equal(can, SettingsWriter.CanChange(SessionSettings.Create(from, 45), SessionSettings.Create(to, 45)));

    private static SessionSettings Charsets(string charset, string collation) => SessionSettings.Create("", 45)
        .WithVariable("character_set_client", charset).WithVariable("character_set_connection", charset)
        .WithVariable("character_set_results", charset).WithVariable("collation_connection", collation);
}
