using System.Net;
using DbProxy.Core.Configuration.Loading;

namespace DbProxy.Core.Configuration.Validation;

/// <summary>The operators' listener: an address of this machine, a password that can be sent, readable certificates.</summary>
internal static class AdminBuilder
{
    public static AdminConfig Build(AdminOptions options, AddressCheck addresses, SecretReader secrets, MistakeList mistakes)
    {
        var listen = addresses.Admin(options);
        if (listen is { Host: { Length: > 0 } host } && host != "localhost" && !IPAddress.TryParse(host, out _))
            mistakes.Add("Admin.Listen", $"\"{host}\" is not an address of this machine; write an IP address, or :{listen.Value.Port} for all");
        // HTTP Basic has the first colon end the name.
        if (options.User.Length == 0 || options.User.Contains(':', StringComparison.Ordinal))
            mistakes.Add("Admin.User", "the name must not be empty nor contain a colon");
        var password = secrets.Admin(options);
        if (options.ReadsNeedPassword && password is null)
            mistakes.Add("Admin.ReadsNeedPassword", "there is no password; set Admin.PasswordFile or the environment variable DBPROXY_ADMIN_PASSWORD");
        return new(options, listen, password, options.Tls.Enabled ? FrontendTlsBuilder.Build(mistakes, "Admin.Tls", options.Tls) : null);
    }
}
