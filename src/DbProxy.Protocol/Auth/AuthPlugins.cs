namespace DbProxy.Protocol.Auth;

/// <summary>Names of authentication plugins as they appear on the wire.</summary>
public static class AuthPlugins
{
    /// <summary>SHA-1 challenge and response; MySQL before 8, MariaDB; gone in MySQL 9.</summary>
    public const string NativePassword = "mysql_native_password";
    /// <summary>MySQL's default since 8.0.</summary>
    public const string CachingSha2 = "caching_sha2_password";
    /// <summary>MySQL's older SHA-256 plugin; the password always travels, protected by TLS or RSA.</summary>
    public const string Sha256 = "sha256_password";
    /// <summary>The password as it is (LDAP, PAM); TLS only.</summary>
    public const string ClearPassword = "mysql_clear_password";
    /// <summary>MariaDB's Ed25519 signature.</summary>
    public const string Ed25519 = "client_ed25519";
    /// <summary>MariaDB's salted Ed25519 signature (11.6).</summary>
    public const string Parsec = "parsec";
    /// <summary>The authentication of before 4.1; broken, refused.</summary>
    public const string OldPassword = "mysql_old_password";
}
