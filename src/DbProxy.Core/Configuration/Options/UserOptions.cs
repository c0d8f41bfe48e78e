namespace DbProxy.Core.Configuration;

/// <summary>An account that the proxy knows beforehand. Give one of the three forms of the password.</summary>
public sealed class UserOptions
{
    /// <summary>The account's name on the servers.</summary>
    [DefaultText("required"), Example("app")]
    public string? Name { get; set; }

    /// <summary>Its password.</summary>
    /// <remarks>A password in this file is readable to whoever reads the file.</remarks>
    public string? Password { get; set; }

    /// <summary>A file that holds the password and nothing else; a line end after it is ignored.</summary>
    [Example("/run/secrets/app-password")]
    public string? PasswordFile { get; set; }

    /// <summary>The environment variable that holds the password.</summary>
    [Example("APP_DB_PASSWORD")]
    public string? PasswordEnvironment { get; set; }
}
