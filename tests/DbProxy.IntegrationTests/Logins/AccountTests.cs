using System.Text;
using DbProxy.IntegrationTests.Infrastructure;
using DbProxy.LocalCluster;
using DbProxy.Protocol;
using DbProxy.Protocol.Login;
using Xunit;
using Flavor = DbProxy.LocalCluster.ServerFlavor;

namespace DbProxy.IntegrationTests.Logins;

/// <summary>Accounts that are out of the ordinary: the client must see what it sees on the server itself.</summary>
public sealed class AccountTests
{
    private const Capabilities Handles = Capabilities.HandleExpiredPasswords;

    [Theory, MemberData(nameof(Accounts.Plugins), MemberType = typeof(Accounts))]
    public async Task Refusals_are_the_servers_own_packets(Flavor flavor, string plugin, bool tls)
    {
        await using var bed = await TestBed.StartAsync(flavor);
        var user = await bed.CreateAsync("päss", plugin);
        // MariaDB lets nobody in by ed25519 without a password.
        var empty = await bed.CreateAsync(plugin == "ed25519" ? "none" : "", plugin, "2");
        var locked = await bed.CreateAsync("päss", plugin, "3", "ACCOUNT LOCK");
        foreach (var (account, schema, code) in new[]
            {
                (user with { Password = "wrong" }, "", 1045), (user with { Password = "" }, "", 1045), (empty with { Password = "some" }, "", 1045),
                (user with { User = "no body" }, bed.Schema, 1045), (user, "no_such_schema_", bed.IsMySql ? 1044 : 1044), (user, "mysql", 1044),
                (locked, "", bed.IsMySql ? 3118 : 4151), (locked with { Password = "wrong" }, "", 0),
            })
        {
            var error = await bed.AssertSameErrorAsync(Accounts.Login(account, schema, tls));
            Assert.True(code == 0 || error.Code == code, error.ToString());
            // The same for a user that is known by now.
            Assert.Equal(user.User + "@%", (await bed.AssertSameAnswerAsync(Accounts.Login(user, bed.Schema, tls), "SELECT CURRENT_USER()")));
        }

        var unknown = await bed.AssertSameErrorAsync(Accounts.Login(bed.Cluster.Root, "no_such_schema_", tls));
        Assert.Equal(1049, unknown.Code);
        await bed.AssertSameAnswerAsync(Accounts.Login(empty, bed.Schema, tls), "SELECT CURRENT_USER()");
    }

    [Theory, MemberData(nameof(Accounts.Plugins), MemberType = typeof(Accounts))]
    public async Task An_expired_password_leads_to_the_sandbox_until_it_is_changed(Flavor flavor, string plugin, bool tls)
    {
        await using var bed = await TestBed.StartAsync(flavor, o => o.Limits.CredentialRecheck = TimeSpan.FromMinutes(1));
        List<List<string>> transcripts = [];
        foreach (var port in new[] { bed.Cluster.Primary.Port, bed.Proxy.Port })
        {
            // Twins, because the account is another one afterwards. Its name must not show.
            var user = await bed.CreateAsync("old", plugin, port == bed.Proxy.Port ? "p" : "d");
            if (port == bed.Proxy.Port)
            {
                await using var before = await RawClient.ConnectAsync(port, Accounts.Login(user, bed.Schema, tls));
                Assert.Null(before.LoginError);
                bed.Proxy.Context.Users.Find(user.User)!.Forget();
            }

            await bed.OnPrimaryAsync($"ALTER USER '{user.User}'@'%' PASSWORD EXPIRE");
            var change = bed.IsMySql ? "ALTER USER CURRENT_USER() IDENTIFIED BY 'new'" : "SET PASSWORD = PASSWORD('new')";
            await using var session = await RawClient.ConnectAsync(port, Accounts.Login(user, bed.Schema, tls, Handles));
            Assert.Null(session.LoginError);
            transcripts.Add(await session.TranscriptAsync(
            [
                "SELECT 1", "PING", "CREATE TABLE t (i INT)", "RESET", "SELECT LAST_INSERT_ID()", "BEGIN", "SELECT 2", change, "SELECT DATABASE(), @@server_id",
                "CREATE TABLE t (i INT)", "INSERT INTO t VALUES (1)", "SELECT * FROM t", "DROP TABLE t", "SET @a = 5", "SELECT @a", "RESET", "SELECT @a, DATABASE()",
            ]));
            await using var old = await RawClient.ConnectAsync(port, Accounts.Login(user, bed.Schema, tls));
            transcripts[^1].Add(old.LoginError!.ToString().Replace(user.User, "USER", StringComparison.Ordinal));
            for (var i = 0; i < 2; i++)
            {
                await using var renewed = await RawClient.ConnectAsync(port, Accounts.Login(user with { Password = "new" }, bed.Schema, tls));
                transcripts[^1].AddRange(await renewed.TranscriptAsync(["SELECT DATABASE()"]));
            }

            // The session goes on beside the others of the account.
            transcripts[^1].AddRange(await session.TranscriptAsync(["SELECT @a, @@server_id"]));
        }

        Assert.Equal(transcripts[0], transcripts[1]);
        Assert.StartsWith("ERROR 1820", transcripts[1][0], StringComparison.Ordinal);
        Assert.Equal($"rows {bed.Schema}|{bed.PrimaryId}", transcripts[1][8]);
    }

    [Theory, MemberData(nameof(Accounts.Plugins), MemberType = typeof(Accounts))]
    public async Task A_client_that_cannot_handle_an_expired_password_is_told_as_by_the_server(Flavor flavor, string plugin, bool tls)
    {
        await using var bed = await TestBed.StartAsync(flavor);
        var user = await bed.CreateAsync("old", plugin);
        await bed.OnPrimaryAsync($"ALTER USER '{user.User}'@'%' PASSWORD EXPIRE");
        if (bed.IsMySql)
        {
            var error = await bed.AssertSameErrorAsync(Accounts.Login(user, bed.Schema, tls));
            Assert.Equal(1862, error.Code);
            return;
        }

        // MariaDB's default (disconnect_on_expired_password=OFF) is the sandbox for everybody.
        List<List<string>> transcripts = [];
        foreach (var port in new[] { bed.Cluster.Primary.Port, bed.Proxy.Port })
        {
            await using var session = await RawClient.ConnectAsync(port, Accounts.Login(user, bed.Schema, tls));
            transcripts.Add(await session.TranscriptAsync(["SELECT 1", "SET @a = 1", "SELECT @a"]));
        }

        Assert.Equal(transcripts[0], transcripts[1]);
        Assert.StartsWith("ERROR 1820", transcripts[1][0], StringComparison.Ordinal);
    }

    [Theory, MemberData(nameof(Accounts.Plugins), MemberType = typeof(Accounts))]
    public async Task Passwords_of_200_characters_and_any_bytes_are_passed_as_they_are(Flavor flavor, string plugin, bool tls)
    {
        await using var bed = await TestBed.StartAsync(flavor);
        // More than 214 bytes fit no RSA block of 2048 bits: without TLS not even the server's own clients can send them.
        var longest = tls ? 200 : 80;
        foreach (var (password, suffix) in new[]
            {
                (string.Concat(Enumerable.Range(0, longest).Select(i => (char)('!' + i % 90))), "a"), (new string('ä', longest > 100 ? 120 : 80), "b"), ("\u732b\ud83d\ude3a 'x\\", "c"),
            })
        {
            var user = await bed.CreateAsync(password.Replace("\\", "\\\\", StringComparison.Ordinal), plugin, suffix) with { Password = password };
            for (var i = 0; i < 2; i++)
            {
                await bed.AssertSameAnswerAsync(Accounts.Login(user, bed.Schema, tls), "SELECT CURRENT_USER()");
            }

            await bed.AssertSameErrorAsync(Accounts.Login(user with { Password = password[..^1] }, bed.Schema, tls));
        }

        // Bytes that are no UTF-8: what a latin1 client has for "ÿå".
        var bytes = await bed.CreateAsync("?", plugin, "l");
        var byBytes = bed.IsMySql ? $"ALTER USER '{bytes.User}'@'%' IDENTIFIED WITH {plugin} BY 'ÿå'" : $"ALTER USER '{bytes.User}'@'%' IDENTIFIED VIA {plugin} USING PASSWORD('ÿå')";
        await using (var latin1 = await RawClient.ConnectAsync(bed.Cluster.Primary.Port, Accounts.Login(bed.Cluster.Root) with { CollationId = 8 }))
        {
            await latin1.AskAsync(CommandKind.Query, Encoding.Latin1.GetBytes(byBytes));
        }

        await ServerAdmin.SyncAsync(bed.Cluster);
        List<string?> results = [];
        foreach (var port in new[] { bed.Cluster.Primary.Port, bed.Proxy.Port })
        {
            foreach (var encoding in new[] { Encoding.Latin1, Encoding.UTF8 })
            {
                await using var client = await RawClient.ConnectAsync(
                    port, Accounts.Login(bytes, bed.Schema, tls) with { CollationId = 8, Password = encoding.GetBytes("ÿå") });
                results.Add(client.LoginError?.ToString());
            }
        }

        Assert.Equal(results[..2], results[2..]);
        Assert.Contains(null, results);
    }

    [Theory, EachFlavor]
    public async Task Names_are_read_in_the_clients_character_set(Flavor flavor)
    {
        await using var bed = await TestBed.StartAsync(flavor);
        var name = $"Jürgen_{bed.Schema[5..]}";
        var schema = $"{bed.Schema}_ü";
        await bed.OnPrimaryAsync(
            $"CREATE DATABASE `{schema}`", $"CREATE USER '{name}'@'%' IDENTIFIED BY 'x'", $"GRANT ALL ON `{schema}`.* TO '{name}'@'%'", $"GRANT ALL ON {bed.Schema}.* TO '{name}'@'%'");
        foreach (var (encoding, collation) in new[] { (Encoding.Latin1, (byte)8), (Encoding.UTF8, (byte)45), (Encoding.UTF8, (byte)8), (Encoding.GetEncoding("gbk"), (byte)28) })
        {
            var login = new ServerLoginOptions
            {
                User = encoding.GetBytes(name), Password = "x"u8.ToArray(), Schema = encoding.GetBytes(schema), CollationId = collation,
                Capabilities = Capabilities.DeprecateEof, Tls = TlsMode.Disabled,
            };
            if (collation == 8 && encoding == Encoding.UTF8)
            {
                Assert.Equal(1045, (await bed.AssertSameErrorAsync(login)).Code);
                continue;
            }

            for (var i = 0; i < 2; i++)
            {
                await bed.AssertSameAnswerAsync(login, "SELECT HEX(CONVERT(CURRENT_USER() USING utf8mb4)), HEX(CONVERT(DATABASE() USING utf8mb4)), @@character_set_client, @@character_set_results, @@collation_connection");
            }

            // The error is in the client's character set, too.
            Assert.Equal(1045, (await bed.AssertSameErrorAsync(login with { Password = "wrong"u8.ToArray() })).Code);
        }

        await bed.OnPrimaryAsync($"DROP DATABASE `{schema}`");
    }

    [Theory, EachFlavor]
    public async Task The_longest_user_name_logs_in_and_a_longer_one_is_treated_as_by_the_server(Flavor flavor)
    {
        await using var bed = await TestBed.StartAsync(flavor);
        var length = bed.IsMySql ? 32 : 128;
        var name = (bed.Schema[5..] + new string('ü', length))[..length];
        await bed.OnPrimaryAsync($"CREATE USER '{name}'@'%' IDENTIFIED BY 'x'", $"GRANT ALL ON {bed.Schema}.* TO '{name}'@'%'");
        await bed.AssertSameAnswerAsync(Accounts.Login(new(name, "x"), bed.Schema), "SELECT CURRENT_USER()");
        List<string?> results = [];
        foreach (var port in new[] { bed.Cluster.Primary.Port, bed.Proxy.Port })
        {
            await using var client = await RawClient.ConnectAsync(port, Accounts.Login(new(name + "xyz", "x"), bed.Schema));
            results.Add(client.LoginError?.ToString() ?? (await client.RowsAsync("SELECT USER(), CURRENT_USER()"))[0]);
        }

        Assert.Equal(results[0], results[1]);
    }

    [Theory, EachFlavor]
    public async Task An_anonymous_account_admits_any_name(Flavor flavor)
    {
        await using var cluster = await Clusters.StartOwnAsync(flavor, new() { Replicas = 0 });
        await cluster.ExecuteAsync(cluster.Primary, ["CREATE USER ''@'%' IDENTIFIED BY 'any'", "GRANT ALL ON app.* TO ''@'%'"]);
        await using var proxy = await ProxyUnderTest.StartAsync(cluster);
        foreach (var tls in new[] { false, true })
        {
            foreach (var name in new[] { "", "somebody", "somebody", "Nobody" })
            {
                List<string> seen = [];
                foreach (var port in new[] { cluster.Primary.Port, proxy.Port })
                {
                    await using var client = await RawClient.ConnectAsync(port, Accounts.Login(new(name, "any"), "app", tls));
                    seen.Add(client.LoginError?.ToString() ?? (await client.RowsAsync("SELECT USER(), CURRENT_USER()"))[0]);
                    await using var wrong = await RawClient.ConnectAsync(port, Accounts.Login(new(name, "wrong"), "app", tls));
                    seen.Add(wrong.LoginError!.ToString());
                }

                Assert.Equal(seen[..2], seen[2..]);
                Assert.Equal($"{name}@127.0.0.1|@%", seen[0]);
            }
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_proxy_user_is_another_for_its_rights(bool tls)
    {
        await using var cluster = await Clusters.StartOwnAsync(
            Flavor.MySql, new() { Replicas = 0, ExtraArguments = ["--check-proxy-users=ON", "--sha256-password-proxy-users=ON"] });
        await cluster.ExecuteAsync(
            cluster.Primary,
            [
                "CREATE USER 'staff'@'%' IDENTIFIED BY 'secret'", "GRANT ALL ON app.* TO 'staff'@'%'",
                "CREATE USER 'eve'@'%' IDENTIFIED WITH sha256_password BY 'eves'",
                // GRANT PROXY takes a right that only root@localhost has.
                "INSERT INTO mysql.proxies_priv VALUES ('%', 'eve', '%', 'staff', 0, '', NOW())", "FLUSH PRIVILEGES",
            ]);
        await using var proxy = await ProxyUnderTest.StartAsync(cluster);
        List<string> seen = [];
        foreach (var port in new[] { cluster.Primary.Port, proxy.Port, proxy.Port })
        {
            await using var client = await RawClient.ConnectAsync(port, Accounts.Login(new("eve", "eves"), "app", tls));
            seen.Add(client.LoginError?.ToString() ?? (await client.RowsAsync("SELECT USER(), CURRENT_USER(), @@proxy_user"))[0]);
        }

        Assert.Equal(["eve@127.0.0.1|staff@%|'eve'@'%'", seen[0], seen[0]], seen);
    }

    /// <summary>auth_socket, the only other factor that the free server brings, asks the client nothing: the server itself decides.</summary>
    [Fact]
    public async Task An_account_of_several_factors_is_refused_as_by_the_server()
    {
        await using var cluster = await Clusters.StartOwnAsync(
            Flavor.MySql, new() { Replicas = 0, ExtraArguments = ["--plugin-load-add=auth_socket.so", "--authentication-policy=*,,"] });
        await cluster.ExecuteAsync(
            cluster.Primary,
            ["CREATE USER 'two'@'%' IDENTIFIED BY 'x' AND IDENTIFIED WITH auth_socket", "GRANT ALL ON app.* TO 'two'@'%'"]);
        await using var proxy = await ProxyUnderTest.StartAsync(cluster);
        foreach (var (password, tls) in new[] { ("x", false), ("x", true), ("wrong", false), ("wrong", true) })
        {
            await using var client = await RawClient.ConnectAsync(proxy.Port, Accounts.Login(new("two", password), "app", tls));
            await using var direct = await RawClient.ConnectAsync(cluster.Primary.Port, Accounts.Login(new("two", password), "app", tls));
            Assert.NotNull(direct.LoginError);
            Assert.Equal(direct.LoginError.ToString(), client.LoginError?.ToString());
        }
    }
}
