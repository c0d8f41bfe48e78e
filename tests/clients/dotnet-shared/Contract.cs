using System.Globalization;
using System.Reflection;
using System.Text.RegularExpressions;

/// <summary>What every client program is told, and how it reports (see ../README.md).</summary>
internal static partial class Contract
{
    public const string Types = "ti, tu, si, mi, i, bi, bu, f, d, n, da, dt, tm, y, b, c, v, vb, bl, tx, j, e, s";
    public const int Size = 17 << 20;
    public static readonly string[] Texts = ["Grüße", "漢字", "表ソ", "Ω🐬", "naïve 🐬漢字"];
    public static readonly string[] Plugins = ["caching_sha2_password", "mysql_native_password", "sha256_password", "ed25519"];

    public static readonly object[] Values =
    [
        (sbyte)-128, (byte)255, (short)-32768, 8388607, int.MinValue, long.MinValue, ulong.MaxValue, 1.5f, -2.5e-10, "-12345678901234567890.0123456789",
        new DateTime(2024, 2, 29), new DateTime(1999, 12, 31, 23, 59, 59).AddTicks(9999990), -new TimeSpan(5, 3, 45, 6, 500), 2155, 682UL, "abc", "Grüße 🐬",
        new byte[] { 0, 0xFF, 0x27, 0x5C }, new byte[] { 0, 1, 0xFE, 0xFF }, "漢字", "{\"a\": [1, null]}", "large", "x,z",
    ];

    public static string Setting(string name) => Environment.GetEnvironmentVariable($"DBTEST_{name}") ?? "";

    public static bool Tls => Setting("TLS") == "1";

    public static bool MySql => Setting("FLAVOR") == "mysql";

    /// <summary>User and password of the account with a plugin; of the first account for null.</summary>
    public static (string User, string Password)? Account(string? plugin)
    {
        foreach (var entry in Setting("ACCOUNTS").Split(','))
        {
            var (name, account) = (entry[..entry.IndexOf('=')], entry[(entry.IndexOf('=') + 1)..].Split(':', 2));
            if (plugin is null || name == plugin)
            {
                return (account[0], account[1]);
            }
        }

        return null;
    }

    /// <summary>Runs one capability and prints its line; what the body returns is the detail.</summary>
    public static async Task CapabilityAsync(string name, Func<Task<object?>> body)
    {
        string line;
        try
        {
            // A step that hangs is reported as such, and those behind it have their turn.
            line = $"ok {name} {Text(await body().WaitAsync(TimeSpan.FromSeconds(60)))}";
        }
        catch (SkipException reason)
        {
            line = $"skip {name} {reason.Message}";
        }
        catch (Exception e)
        {
            line = $"fail {name} {e.GetType().Name}: {e.Message} {e.StackTrace?.Split('\n')[0]}";
        }

        Console.WriteLine(Spaces().Replace(line, " ").TrimEnd());
    }

    public static void Skip(string reason, params string[] names)
    {
        foreach (var name in names)
        {
            Console.WriteLine($"skip {name} {reason}");
        }
    }

    public static void Check(bool condition, object? seen = null)
    {
        if (!condition)
        {
            throw new InvalidOperationException($"assertion: {Text(seen)}");
        }
    }

    /// <summary>The version of the package that a type comes from.</summary>
    public static string VersionOf(Type type) =>
        type.Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0];

    /// <summary>A value as text with its .NET type where it matters.</summary>
    public static string Text(object? value) => value switch
    {
        null => "",
        string text => text,
        DBNull => "NULL",
        byte[] bytes => $"0x{Convert.ToHexString(bytes)}",
        bool flag => flag ? "true" : "false",
        DateTime time => time.ToString("O", CultureInfo.InvariantCulture),
        System.Collections.IEnumerable list => $"[{string.Join(", ", list.Cast<object?>().Select(v => v is null ? "NULL" : Text(v)))}]",
        IFormattable number => $"{number.ToString(null, CultureInfo.InvariantCulture)}",
        _ => value.ToString() ?? "",
    };

    [GeneratedRegex(@"\s+")]
    private static partial Regex Spaces();
}

/// <summary>This client or server has no such thing.</summary>
internal sealed class SkipException(string reason) : Exception(reason);
