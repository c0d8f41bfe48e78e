using MySqlConnector;

namespace DbProxy.Core.Configuration;

/// <summary>The choices of the configuration in the driver's terms.</summary>
internal static class DriverModes
{
    public static MySqlSslMode ForDriver(this ServerTlsMode mode) => mode switch
    {
        ServerTlsMode.Disabled => MySqlSslMode.None,
        ServerTlsMode.Preferred => MySqlSslMode.Preferred,
        ServerTlsMode.Required => MySqlSslMode.Required,
        ServerTlsMode.VerifyCa => MySqlSslMode.VerifyCA,
        _ => MySqlSslMode.VerifyFull,
    };
}
