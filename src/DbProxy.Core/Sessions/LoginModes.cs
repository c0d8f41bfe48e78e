using DbProxy.Core.Backends;
using DbProxy.Core.Monitoring;
using DbProxy.Protocol;

namespace DbProxy.Core.Sessions;

/// <summary>
/// Modes that a server adds to a session's because of how its client logged in. As settings, they go to whatever connection
/// the session uses, and are gone where it sets the variable itself.
/// </summary>
internal static class LoginModes
{
    private const string SqlMode = "sql_mode";
    private const string OldMode = "old_mode";

    // No value of a variable begins so.
    private const char Mark = '\0';

    /// <summary>What a login with these settings leaves set.</summary>
    public static SessionSettings Of(SessionSettings settings, PoolVariant variant, ServerFlavor flavor)
    {
        if (variant.Flags.HasFlag(Capabilities.IgnoreSpace))
        {
            settings = settings.WithVariable(SqlMode, Mark + "IGNORE_SPACE");
        }

        return flavor == ServerFlavor.MariaDb && variant.Driver == PoolVariant.MySqlData
            ? settings.WithVariable(OldMode, Mark + "NO_NULL_COLLATION_IDS")
            : settings;
    }

    /// <summary>The same behind COM_RESET_CONNECTION: MariaDB forgets them.</summary>
    public static SessionSettings BehindReset(SessionSettings settings, PoolVariant variant, ServerFlavor flavor) =>
        flavor == ServerFlavor.MySql ? Of(settings, variant, flavor) : settings;

    /// <summary>Settings without them.</summary>
    public static SessionSettings Without(SessionSettings settings) => settings.WithoutVariable(SqlMode).WithoutVariable(OldMode);

    /// <summary>The value as an expression; null: it is an ordinary one.</summary>
    public static string? Expression(string name, string value) =>
        value.StartsWith(Mark) ? $"CONCAT_WS(',',NULLIF(@@global.{name},''),'{value[1..]}')" : null;
}
