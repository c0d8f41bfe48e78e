using DbProxy.Core.Configuration;
using DbProxy.IntegrationTests.Infrastructure;
using DbProxy.LocalCluster;
using DbProxy.Protocol.Login;
using MySqlConnector;
using Xunit;
using Flavor = DbProxy.LocalCluster.ServerFlavor;

namespace DbProxy.IntegrationTests.Logins;

public sealed class LoginTests
{
    public static TheoryData<Flavor, string, bool> Plugins => new()
    {
        { Flavor.MySql, "caching_sha2_password", false },
        { Flavor.MySql, "caching_sha2_password", true },
        { Flavor.MySql, "sha256_password", false },
        { Flavor.MySql, "sha256_password", true },
        { Flavor.MariaDb, "mysql_native_password", false },
        { Flavor.MariaDb, "mysql_native_password", true },
        { Flavor.MariaDb, "ed25519", false },
        { Flavor.MariaDb, "ed25519", true },
    };

    [Theory, MemberData(nameof(Plugins))]
    public async Task An_account_of_each_plugin_logs_in_at_first_and_again(Flavor flavor, string plugin, bool tls)
    {
        await using var bed = await TestBed.StartAsync(flavor, o => o.Limits.CredentialRecheck = TimeSpan.FromMinutes(1));
        if (plugin == "ed25519" && !bed.Cluster.Installation.SupportsEd25519)
        {
            Assert.Skip("This MariaDB has no plugin auth_ed25519.");
        }

        var user = await CreateUserAsync(bed, "påss wörd'", plugin);
        for (var i = 0; i < 3; i++)
        {
            await using var session = await OpenAsync(bed, user, tls);
            Assert.Equal($"{user.User}@%", await session.TextAsync("SELECT CURRENT_USER()"));
            Assert.NotEqual(bed.PrimaryId, await session.ServerIdAsync());
        }

        Assert.Equal((1, 2), (bed.Proxy.Context.Counters.LoginsByServer, bed.Proxy.Context.Counters.LoginsByCredential));
        await AssertRefusedAsync(bed, user with { Password = "wrong" }, 1045, tls);
        await using var after = await OpenAsync(bed, user, tls);
        await after.ServerIdAsync();
    }

    [Theory, EachFlavor]
    public async Task A_wrong_password_gets_the_servers_own_error(Flavor flavor)
    {
        await using var bed = await TestBed.StartAsync(flavor);
        var wrong = bed.Cluster.App with { Password = "wrong" };
        var direct = await Assert.ThrowsAsync<MySqlException>(() => bed.Cluster.ConnectAsync(bed.Cluster.Primary, wrong));
        var proxied = await AssertRefusedAsync(bed, wrong, 1045);
        Assert.Equal(direct.Message, proxied.Message);
        Assert.Equal("28000", proxied.SqlState);
        await AssertRefusedAsync(bed, wrong with { User = "nobody" }, 1045);
    }

    [Theory, EachFlavor]
    public async Task An_unknown_or_forbidden_schema_is_refused_at_login(Flavor flavor)
    {
        await using var bed = await TestBed.StartAsync(flavor);
        var unknown = await Assert.ThrowsAsync<MySqlException>(() => bed.Proxy.OpenAsync("test_no_such_schema"));
        Assert.Equal((1049, "42000"), (unknown.Number, unknown.SqlState));
        for (var i = 0; i < 2; i++)
        {
            var forbidden = await Assert.ThrowsAsync<MySqlException>(() => bed.Proxy.OpenAsync("mysql"));
            Assert.Equal(1044, forbidden.Number);
            await using var allowed = await bed.OpenAsync();
            await allowed.ServerIdAsync();
        }
    }

    [Theory, EachFlavor]
    public async Task A_user_without_a_password_logs_in_without_one_only(Flavor flavor)
    {
        await using var bed = await TestBed.StartAsync(flavor);
        var user = await CreateUserAsync(bed, "");
        foreach (var tls in new[] { false, true, false })
        {
            await using var session = await OpenAsync(bed, user, tls);
            await session.ServerIdAsync();
        }

        await AssertRefusedAsync(bed, user with { Password = "some" }, 1045);
        await AssertRefusedAsync(bed, bed.Cluster.App with { Password = "" }, 1045);
        await using var again = await OpenAsync(bed, user);
        await again.ServerIdAsync();
    }

    [Theory, EachFlavor]
    public async Task A_changed_password_takes_effect_within_the_recheck_time(Flavor flavor)
    {
        await using var bed = await TestBed.StartAsync(flavor, o => o.Limits.CredentialRecheck = TimeSpan.FromMilliseconds(100));
        var user = await CreateUserAsync(bed, "first");
        await using (var session = await OpenAsync(bed, user))
        {
            await session.RowsAsync("SELECT 1");
            await session.RowsAsync("SELECT 1");
            await bed.OnPrimaryAsync($"ALTER USER '{user.User}'@'%' IDENTIFIED BY 'second'");

            // A session that is in stays in, as on a server, on the connections that there are.
            await session.RowsAsync("SELECT 1");
            await (await OpenAsync(bed, user with { Password = "second" })).DisposeAsync();

            // The new password is the account's: the session's next connections are opened with it.
            for (var i = 0; i < 4; i++)
            {
                Assert.NotEqual(bed.PrimaryId, await session.ServerIdAsync());
                Assert.Equal(bed.PrimaryId, await session.NumberAsync("SELECT @@server_id FOR UPDATE"));
            }
        }

        await Task.Delay(150, TestContext.Current.CancellationToken);
        await AssertRefusedAsync(bed, user, 1045);
        for (var i = 0; i < 2; i++)
        {
            await using var session = await OpenAsync(bed, user with { Password = "second" });
            await session.ServerIdAsync();
        }

        await AssertRefusedAsync(bed, user, 1045);
    }

    [Theory, EachFlavor]
    public async Task A_dropped_user_is_refused_and_a_new_password_works_without_a_wait(Flavor flavor)
    {
        await using var bed = await TestBed.StartAsync(flavor, o => o.Limits.CredentialRecheck = TimeSpan.FromMilliseconds(100));
        var user = await CreateUserAsync(bed, "first");
        await (await OpenAsync(bed, user)).DisposeAsync();
        await bed.OnPrimaryAsync($"ALTER USER '{user.User}'@'%' IDENTIFIED BY 'second'");
        await (await OpenAsync(bed, user with { Password = "second" })).DisposeAsync();
        await bed.OnPrimaryAsync($"DROP USER '{user.User}'@'%'");
        await Task.Delay(150, TestContext.Current.CancellationToken);
        await AssertRefusedAsync(bed, user with { Password = "second" }, 1045);
    }

    [Theory, EachFlavor]
    public async Task Connections_of_an_old_password_are_closed(Flavor flavor)
    {
        await using var bed = await TestBed.StartAsync(
            flavor, o => (o.Limits.CredentialRecheck, o.Pool.IdleTimeout) = (TimeSpan.FromMilliseconds(50), TimeSpan.FromMilliseconds(100)));
        var user = await CreateUserAsync(bed, "first");
        await using (var old = await OpenAsync(bed, user))
        {
            await old.RunAsync("BEGIN", "SELECT 1");
            await bed.OnPrimaryAsync($"ALTER USER '{user.User}'@'%' IDENTIFIED BY 'second'");
            await (await OpenAsync(bed, user with { Password = "second" })).DisposeAsync();
            await old.RunAsync("COMMIT");
        }

        foreach (var server in bed.Cluster.Servers)
        {
            await Eventually.IsTrueAsync(
                async () => (long)(await bed.OnServerAsync(server, $"SELECT COUNT(*) FROM {ProcessList.Of(flavor)} WHERE user = '{user.User}'"))! == 0,
                () => $"no connection of {user.User} is left on server {server.ServerId}");
        }
    }

    [Theory, EachFlavor]
    public async Task Required_tls_refuses_clients_without(Flavor flavor)
    {
        await using var bed = await TestBed.StartAsync(flavor, o => o.ClientTls.Mode = ClientTlsMode.Required);
        await AssertRefusedAsync(bed, bed.Cluster.App, 3159);
        await using var session = await OpenAsync(bed, bed.Cluster.App, tls: true);
        await session.ServerIdAsync();
    }

    [Theory, EachFlavor]
    public async Task Disabled_tls_serves_clients_without(Flavor flavor)
    {
        await using var bed = await TestBed.StartAsync(flavor, o => (o.ClientTls.Mode, o.ServerTls.Mode) = (ClientTlsMode.Disabled, ServerTlsMode.Disabled));
        await Assert.ThrowsAsync<MySqlException>(() => OpenAsync(bed, bed.Cluster.App, tls: true));
        await using var session = await OpenAsync(bed, bed.Cluster.App);
        await session.ServerIdAsync();
    }

    [Theory, EachFlavor]
    public async Task The_server_connections_are_encrypted_and_its_certificate_is_verified_where_asked(Flavor flavor)
    {
        await using var bed = await TestBed.StartAsync(flavor, o => o.ServerTls.Mode = ServerTlsMode.Required);
        await using var session = await bed.OpenAsync();
        Assert.NotEqual("", (await session.RowsAsync("SHOW SESSION STATUS LIKE 'Ssl_cipher'"))[0].Split('|')[1]);
    }

    [Theory, EachFlavor]
    public async Task One_session_too_many_is_refused_with_1040(Flavor flavor)
    {
        await using var bed = await TestBed.StartAsync(flavor, o => o.Limits.MaxSessions = 2);
        await using var one = await bed.OpenAsync();
        await using (await bed.OpenAsync())
        {
            var error = await Assert.ThrowsAsync<MySqlException>(() => bed.OpenAsync());
            Assert.Equal(1040, error.Number);
            Assert.Equal(1, bed.Proxy.Context.Counters.SessionsRefused);
        }

        await Eventually.IsTrueAsync(() => bed.Proxy.Context.Sessions.Count == 1, "the closed session has gone");
        await using var next = await bed.OpenAsync();
        await next.ServerIdAsync();
    }

    [Theory, EachFlavor]
    public async Task A_configured_user_serves_a_client_that_knows_native_passwords_only(Flavor flavor)
    {
        await using var bed = await TestBed.StartAsync(flavor, o => { });
        await using var proxy = await ProxyUnderTest.StartAsync(
            bed.Cluster, o => o.Users.Add(new UserOptions { Name = bed.Cluster.App.User, Password = bed.Cluster.App.Password }));
        var old = await OldClient.LoginAsync(proxy.Port, bed.Cluster.App);
        Assert.Null(old);
        var wrong = await OldClient.LoginAsync(proxy.Port, bed.Cluster.App with { Password = "wrong" });
        Assert.Equal(1045, wrong!.Code);
        await using var modern = await proxy.OpenAsync();
        await modern.ServerIdAsync();
    }

    [Theory, EachFlavor]
    public async Task A_client_that_knows_native_passwords_only_changes_its_user(Flavor flavor)
    {
        await using var bed = await TestBed.StartAsync(flavor, o => { });
        await using var proxy = await ProxyUnderTest.StartAsync(
            bed.Cluster, o => o.Users.Add(new UserOptions { Name = bed.Cluster.App.User, Password = bed.Cluster.App.Password }));
        ClusterAccount wrong = bed.Cluster.App with { Password = "wrong" };
        foreach (bool plugins in (bool[])[true, false])
        {
            foreach (bool named in (bool[])[true, false])
            {
                Assert.Equal([null, null], await OldClient.ChangeUserAsync(proxy.Port, bed.Cluster.App, [bed.Cluster.App, bed.Cluster.App], plugins, named));
                // One that names no plugin is asked for the proxy's own, which it does not know.
                int refused = plugins && !named ? 1251 : 1045;
                Assert.Equal([null, refused], await OldClient.ChangeUserAsync(proxy.Port, bed.Cluster.App, [bed.Cluster.App, wrong], plugins, named));
            }
        }
    }

    [Theory, EachFlavor]
    public async Task Many_first_logins_at_once_are_served(Flavor flavor)
    {
        await using var bed = await TestBed.StartAsync(flavor, o => o.Limits.CredentialRecheck = TimeSpan.Zero);
        await Task.WhenAll(Enumerable.Range(0, 20).Select(async i =>
        {
            await using var session = await OpenAsync(bed, bed.Cluster.App, tls: i % 4 == 0);
            Assert.NotEqual(bed.PrimaryId, await session.ServerIdAsync());
        }));
    }

    private static async Task<ClusterAccount> CreateUserAsync(TestBed bed, string password, string? plugin = null)
    {
        var user = new ClusterAccount($"u{bed.Schema}", password);
        await bed.Cluster.CreateUserAsync(user.User, password.Replace("'", "''", StringComparison.Ordinal), plugin, $"ALL ON {bed.Schema}.*");
        await ServerAdmin.SyncAsync(bed.Cluster);
        return user;
    }

    private static Task<MySqlConnection> OpenAsync(TestBed bed, ClusterAccount account, bool tls = false) => bed.OpenAsync(b =>
        (b.UserID, b.Password, b.SslMode) = (account.User, account.Password, tls ? MySqlSslMode.Required : MySqlSslMode.None));

    private static async Task<MySqlException> AssertRefusedAsync(TestBed bed, ClusterAccount account, int code, bool tls = false)
    {
        var error = await Assert.ThrowsAsync<MySqlException>(async () => await (await OpenAsync(bed, account, tls)).DisposeAsync());
        Assert.True(error.Number == code, error.ToString());
        return error;
    }
}
