using System.Text;
using DbProxy.IntegrationTests.Infrastructure;
using DbProxy.LocalCluster;
using DbProxy.Protocol;
using DbProxy.Protocol.Login;
using DbProxy.Protocol.Packets;
using Xunit;
using Flavor = DbProxy.LocalCluster.ServerFlavor;

namespace DbProxy.IntegrationTests.Logins;

/// <summary>Accounts of each kind, and logins with the direct connection as the control.</summary>
internal static class Accounts
{
    /// <summary>Each plugin of passwords that accounts can have, by flavor, with TLS between client and proxy and without.</summary>
    public static TheoryData<Flavor, string, bool> Plugins()
    {
        var data = new TheoryData<Flavor, string, bool>();
        foreach (var tls in new[] { false, true })
        {
            data.Add(Flavor.MySql, "caching_sha2_password", tls);
            data.Add(Flavor.MySql, "sha256_password", tls);
            data.Add(Flavor.MariaDb, "mysql_native_password", tls);
            data.Add(Flavor.MariaDb, "ed25519", tls);
        }

        return data;
    }

    /// <summary>An account that may do everything in the test's schema.</summary>
    public static async Task<ClusterAccount> CreateAsync(this TestBed bed, string password, string? plugin = null, string suffix = "", string more = "")
    {
        if (plugin == "ed25519" && !bed.Cluster.Installation.SupportsEd25519)
        {
            Assert.Skip("This MariaDB has no plugin auth_ed25519.");
        }

        var user = new ClusterAccount($"u{bed.Schema}_{suffix}", password);
        var text = password.Replace("'", "''", StringComparison.Ordinal);
        var by = plugin is null ? $"IDENTIFIED BY '{text}'"
            : bed.IsMySql ? $"IDENTIFIED WITH {plugin} BY '{text}'"
            : $"IDENTIFIED VIA {plugin} USING PASSWORD('{text}')";
        await bed.OnPrimaryAsync($"CREATE USER '{user.User}'@'%' {by} {more}", $"GRANT ALL ON {bed.Schema}.* TO '{user.User}'@'%'");
        return user;
    }

    public static ServerLoginOptions Login(ClusterAccount account, string schema = "", bool tls = false, Capabilities flags = Capabilities.None) => new()
    {
        User = Encoding.UTF8.GetBytes(account.User),
        Password = Encoding.UTF8.GetBytes(account.Password),
        Schema = Encoding.UTF8.GetBytes(schema),
        Capabilities = flags | Capabilities.DeprecateEof | Capabilities.MultiResults,
        Tls = tls ? TlsMode.Required : TlsMode.Disabled,
    };

    /// <summary>Logs in directly and through the proxy: both must fail by the same packet.</summary>
    public static async Task<ErrPacket> AssertSameErrorAsync(this TestBed bed, ServerLoginOptions login)
    {
        await using var direct = await RawClient.ConnectAsync(bed.Cluster.Primary.Port, login);
        await using var proxied = await RawClient.ConnectAsync(bed.Proxy.Port, login);
        Assert.NotNull(direct.LoginError);
        Assert.Equal(direct.LoginError.ToString(), proxied.LoginError?.ToString());
        return direct.LoginError;
    }

    /// <summary>Logs in directly and through the proxy; both must be admitted, and give the same rows.</summary>
    public static async Task<string> AssertSameAnswerAsync(this TestBed bed, ServerLoginOptions login, string sql)
    {
        List<string> answers = [];
        foreach (var port in new[] { bed.Cluster.Primary.Port, bed.Proxy.Port })
        {
            await using var client = await RawClient.ConnectAsync(port, login);
            Assert.Null(client.LoginError);
            answers.Add(string.Join('\n', await client.RowsAsync(sql)));
        }

        Assert.Equal(answers[0], answers[1]);
        return answers[0];
    }

    /// <summary>What a client sees that runs statements one after the other: rows, "OK", or the error.</summary>
    public static async Task<List<string>> TranscriptAsync(this RawClient client, IEnumerable<string> statements)
    {
        List<string> seen = [];
        foreach (var sql in statements)
        {
            try
            {
                seen.Add(sql == "RESET" ? (await client.AskAsync(CommandKind.ResetConnection))[0] == 0 ? "OK" : "refused"
                    : sql == "PING" ? (await client.AskAsync(CommandKind.Ping))[0] == 0 ? "OK" : "refused"
                    : "rows " + string.Join(',', await client.RowsAsync(sql)));
            }
            catch (InvalidOperationException e)
            {
                seen.Add(e.Message);
            }
            catch (IOException)
            {
                seen.Add("closed");
                break;
            }
        }

        return seen;
    }
}
