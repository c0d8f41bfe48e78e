using DbProxy.Core.Configuration;
using DbProxy.IntegrationTests.Infrastructure;
using DbProxy.Protocol;
using DbProxy.Protocol.Auth;
using Xunit;
using Flavor = DbProxy.LocalCluster.ServerFlavor;

namespace DbProxy.IntegrationTests.Logins;

/// <summary>Clients of each default plugin with accounts of each plugin.</summary>
public sealed class PluginTests
{
    private const string Password = "pässword '1";

    public static IEnumerable<TheoryDataRow<Flavor, string, bool, string>> Combinations() =>
        from account in Accounts.Plugins()
        from client in new[] { AuthPlugins.CachingSha2, AuthPlugins.NativePassword, AuthPlugins.Sha256, AuthPlugins.ClearPassword, AuthPlugins.Ed25519, "dialog" }
        select new TheoryDataRow<Flavor, string, bool, string>(account.Data.Item1, account.Data.Item2, account.Data.Item3, client);

    [Theory, MemberData(nameof(Combinations))]
    public async Task A_client_of_each_plugin_logs_in_at_first_and_again(Flavor flavor, string plugin, bool tls, string client)
    {
        await using var bed = await TestBed.StartAsync(flavor, o => o.Limits.CredentialRecheck = TimeSpan.FromMinutes(1));
        var user = await bed.CreateAsync(Password, plugin);
        for (var i = 0; i < 3; i++)
        {
            await using var session = await PluginClient.LoginAsync(bed.Proxy.Port, user, client, tls, bed.Schema);
            Assert.Null(session.Error);
            Assert.Equal([$"{user.User}@%|{bed.Schema}"], await session.Raw.RowsAsync("SELECT CURRENT_USER(), DATABASE()"));
            Assert.NotEqual([$"{bed.PrimaryId}"], await session.Raw.RowsAsync("SELECT @@server_id"));
            // Asked for its own plugin where that proves or shows the password: a signature only once the password is known.
            var own = client switch
            {
                AuthPlugins.Sha256 => client,
                AuthPlugins.ClearPassword when tls => client,
                AuthPlugins.Ed25519 or AuthPlugins.NativePassword when i > 0 => client,
                _ => AuthPlugins.CachingSha2,
            };
            Assert.Equal(own == AuthPlugins.CachingSha2 && client == own ? [] : [own], session.Asked);
        }

        Assert.Equal((1, 2), (bed.Proxy.Context.Counters.LoginsByServer, bed.Proxy.Context.Counters.LoginsByCredential));
        await using var direct = await PluginClient.LoginAsync(bed.Cluster.Primary.Port, user with { Password = "wrong" }, client, tls, bed.Schema);
        await using var wrong = await PluginClient.LoginAsync(bed.Proxy.Port, user with { Password = "wrong" }, client, tls, bed.Schema);
        Assert.Equal(direct.Error!.ToString(), wrong.Error?.ToString());
        Assert.Equal(1045, wrong.Error!.Code);
    }

    /// <summary>The server's side of mysql_clear_password: MariaDB's PAM plugin asks for it where it is told to.</summary>
    [Fact]
    public async Task A_server_that_asks_for_clear_text_gets_it_over_tls_where_it_is_allowed()
    {
        await using var cluster = await Clusters.StartOwnAsync(
            Flavor.MariaDb, new() { Replicas = 0, ExtraArguments = ["--plugin-maturity=unknown", "--plugin-load-add=auth_pam_v1", "--pam-use-cleartext-plugin=ON"] });
        await cluster.ExecuteAsync(cluster.Primary, "CREATE USER 'pam'@'%' IDENTIFIED VIA pam USING 'dbproxy-has-no-such-service'");
        foreach (var (allowed, mode, expected) in new[]
            {
                (false, ServerTlsMode.Required, "not allowed"), (true, ServerTlsMode.Disabled, "TLS is needed"), (true, ServerTlsMode.Required, "Access denied"),
            })
        {
            await using var proxy = await ProxyUnderTest.StartAsync(
                cluster, o => (o.ServerTls.AllowClearPassword, o.ServerTls.Mode) = (allowed, mode));
            await using var client = await RawClient.ConnectAsync(proxy.Port, Accounts.Login(new("pam", "secret"), tls: true));
            Assert.Contains(expected, client.LoginError!.Message, StringComparison.Ordinal);
            if (expected == "Access denied")
            {
                await using var direct = await RawClient.ConnectAsync(
                    cluster.Primary.Port, Accounts.Login(new("pam", "secret"), tls: true) with { AllowClearPassword = true });
                Assert.Equal(direct.LoginError!.ToString(), client.LoginError.ToString());
            }
        }
    }

    [Theory, MemberData(nameof(Accounts.Plugins), MemberType = typeof(Accounts))]
    public async Task A_change_of_user_goes_to_accounts_of_each_plugin_known_and_new(Flavor flavor, string plugin, bool tls)
    {
        await using var bed = await TestBed.StartAsync(flavor);
        await bed.OnPrimaryAsync($"CREATE DATABASE {bed.Schema}b");
        var known = await bed.CreateAsync("one", plugin);
        // MariaDB lets nobody in by ed25519 without a password.
        var other = await bed.CreateAsync(plugin == "ed25519" ? "other" : "", plugin, "2");
        var never = await bed.CreateAsync(Password, plugin, "3");
        await bed.OnPrimaryAsync($"GRANT ALL ON {bed.Schema}b.* TO '{never.User}'@'%'");
        var own = plugin switch { "ed25519" => AuthPlugins.Ed25519, _ => plugin };
        List<List<string>> transcripts = [];
        foreach (var port in new[] { bed.Cluster.Primary.Port, bed.Proxy.Port })
        {
            List<string> seen = [];
            transcripts.Add(seen);
            await using var session = await PluginClient.LoginAsync(port, known, own, tls, bed.Schema);
            await session.Raw.RowsAsync("SET @mine = 1");
            foreach (var (account, schema) in new[] { (never, $"{bed.Schema}b"), (known, bed.Schema), (other, ""), (never, bed.Schema), (known, "") })
            {
                await session.ChangeUserAsync(account, schema);
                Assert.Null(session.Error);
                seen.AddRange(await session.Raw.RowsAsync("SELECT USER(), CURRENT_USER(), DATABASE(), @mine"));
            }

            await session.ChangeUserAsync(known with { Password = "wrong" }, bed.Schema);
            seen.Add(session.Error!.ToString());
            seen.AddRange(await session.Raw.TranscriptAsync(["SELECT CURRENT_USER()"]));
        }

        Assert.Equal(transcripts[0], transcripts[1]);
        await bed.OnPrimaryAsync($"DROP DATABASE {bed.Schema}b");
    }
}
