using System.Security.Cryptography;
using System.Text;
using DbProxy.Core.Configuration;

namespace DbProxy.Admin.Access;

/// <summary>What a request shows of its sender: HTTP Basic (browsers) or a bearer token (scripts).</summary>
/// <param name="User">The name; null: a token has none.</param>
/// <param name="Password">The password or token.</param>
internal readonly record struct Credentials(string? User, string Password)
{
    private static readonly UTF8Encoding Strict = new(false, throwOnInvalidBytes: true);

    /// <summary>Reads an Authorization header; null: there is none that can be read.</summary>
    public static Credentials? Of(string? authorization)
    {
        if (authorization is null)
            return null;
        var (scheme, value) = authorization.Split(' ', 2, StringSplitOptions.TrimEntries) is [var s, var v] ? (s, v) : ("", "");
        if (scheme.Equals("Bearer", StringComparison.OrdinalIgnoreCase))
            return new(null, value);
        return scheme.Equals("Basic", StringComparison.OrdinalIgnoreCase) ? Basic(value) : null;
    }

    /// <summary>Whether they are the configured ones. The time that it takes tells nothing of how much was right.</summary>
    public bool Match(AdminConfig config) =>
        Same(Password, config.Password!.Reveal()) & (User is null || Same(User, config.User));

    private static Credentials? Basic(string encoded)
    {
        try
        {
            var text = Strict.GetString(Convert.FromBase64String(encoded));
            var colon = text.IndexOf(':', StringComparison.Ordinal);
            return colon < 0 ? null : new(text[..colon], text[(colon + 1)..]);
        }
        catch (Exception e) when (e is FormatException or ArgumentException)
        {
            return null;
        }
    }

    /// <summary>By their hashes: the comparison itself would tell the length.</summary>
    private static bool Same(string given, string right) => CryptographicOperations.FixedTimeEquals(
        SHA256.HashData(Encoding.UTF8.GetBytes(given)), SHA256.HashData(Encoding.UTF8.GetBytes(right)));
}
