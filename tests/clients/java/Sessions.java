import java.io.ByteArrayInputStream;
import java.security.MessageDigest;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLTimeoutException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.util.HexFormat;

/** Counts, transactions, session state, errors, transfers. */
final class Sessions {
    private Sessions() { }

    private static String ids(Connection db) throws SQLException { return Client.ask(db, "SELECT id FROM t_tx ORDER BY id"); }

    private static String generated(Connection db, String sql) throws SQLException {
        try (Statement statement = db.createStatement()) {
            statement.executeUpdate(sql, Statement.RETURN_GENERATED_KEYS);
            return Client.rows(statement.getGeneratedKeys());
        }
    }

    private static String sha256(byte[] value) throws Exception { return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(value)); }

    static void run(Connection db) {
        counts(db);
        transactions(db);
        state(db);
        errors(db);
        transfers(db);
    }

    private static void counts(Connection db) {
        Contract.capability("insert_id", () -> generated(db, "INSERT INTO t_auto (v) VALUES ('first')")
            + generated(db, "INSERT INTO t_auto (v) VALUES ('second'), ('third')") + Client.ask(db, "SELECT LAST_INSERT_ID()"));
        Contract.capability("affected_rows", () -> {
            try (Connection other = Client.open("useAffectedRows=true")) {
                int changed = Client.run(other, "UPDATE t_unique SET v = v + 1"), unchanged = Client.run(other, "UPDATE t_unique SET v = v");
                Contract.check(changed == 2 && unchanged == 0, changed + " " + unchanged);
                return null;
            }
        });
        Contract.capability("found_rows", () -> {
            int found = Client.run(db, "UPDATE t_unique SET v = v");
            Contract.check(found == 2, found);
            return null;
        });
        Contract.capability("warnings", () -> {
            try (Statement statement = db.createStatement()) {
                statement.executeUpdate("INSERT IGNORE INTO t_unique VALUES (1, 1)");
                var warning = statement.getWarnings();
                return (warning == null ? "none" : warning.getErrorCode() + " " + warning.getMessage()) + Client.ask(db, "SHOW WARNINGS");
            }
        });
    }

    private static void transactions(Connection db) {
        Contract.capability("transaction.commit", () -> {
            db.setAutoCommit(false);
            Client.run(db, "INSERT INTO t_tx VALUES (1, 'one')");
            Contract.check(ids(db).equals("[1]"), ids(db));
            db.commit();
            db.setAutoCommit(true);
            return ids(db);
        });
        Contract.capability("transaction.rollback", () -> {
            db.setAutoCommit(false);
            Client.run(db, "INSERT INTO t_tx VALUES (?, ?)", 2, "two");
            Contract.check(ids(db).equals("[1][2]"), ids(db));
            db.rollback();
            db.setAutoCommit(true);
            Contract.check(ids(db).equals("[1]"), ids(db));
            return null;
        });
        Contract.capability("transaction.savepoint", () -> {
            db.setAutoCommit(false);
            Client.run(db, "INSERT INTO t_tx VALUES (3, 'three')");
            Savepoint point = db.setSavepoint("a");
            Client.run(db, "INSERT INTO t_tx VALUES (4, 'four')");
            db.rollback(point);
            db.commit();
            db.setAutoCommit(true);
            Contract.check(ids(db).equals("[1][3]"), ids(db));
            return null;
        });
    }

    private static void state(Connection db) {
        Contract.capability("user_variables", () -> {
            Client.run(db, "SET @a = 7, @b = 'text'");
            Client.run(db, "INSERT INTO t_auto (v) VALUES ('between')");
            return Client.ask(db, "SELECT @a, @b");
        });
        Contract.capability("temporary_table", () -> {
            Client.run(db, "CREATE TEMPORARY TABLE tmp (id INT)");
            Client.run(db, "INSERT INTO tmp VALUES (1), (2)");
            Contract.check(Client.ask(db, "SELECT SUM(id) FROM tmp").equals("[3]"), "sum");
            Client.run(db, "DROP TEMPORARY TABLE tmp");
            return null;
        });
        Contract.capability("session_settings", () -> {
            try (Connection other = Client.open()) {
                Client.run(other, "SET time_zone = '+05:30', sql_mode = 'ANSI_QUOTES,NO_BACKSLASH_ESCAPES'");
                Client.run(other, "UPDATE t_unique SET v = v + 1");
                return Client.ask(other, "SELECT @@time_zone, @@sql_mode, '\\' AS backslash, \"v\" FROM t_unique WHERE \"id\" = 1");
            }
        });
        Contract.capability("cancel", () -> {
            try (Connection other = Client.open(); Statement statement = other.createStatement()) {
                Thread canceller = new Thread(() -> {
                    try {
                        for (int i = 0; i < 100 && !Thread.interrupted(); i++) {
                            Thread.sleep(100);
                            statement.cancel();
                        }
                    } catch (InterruptedException | SQLException e) {
                        // The statement has ended.
                    }
                });
                canceller.start();
                long started = System.nanoTime();
                try {
                    // Whether the sleep returns 1 or the error 1317 depends on how far it was: both are a server's answer.
                    Client.rows(statement.executeQuery("SELECT SLEEP(30)"));
                } catch (SQLException e) {
                    Contract.check(e.getErrorCode() == 1317, e);
                }
                canceller.interrupt();
                canceller.join();
                Contract.check(System.nanoTime() - started < 20_000_000_000L, "cancelled");
                String after = Client.ask(other, "SELECT 5");
                statement.setQueryTimeout(1);
                try {
                    statement.executeQuery("SELECT COUNT(*) FROM t_numbers a JOIN t_numbers b JOIN t_numbers c WHERE a.n * b.n + c.n < 0");
                    throw new AssertionError("no timeout");
                } catch (SQLTimeoutException e) {
                    return after + " " + e.getErrorCode() + " " + Client.ask(other, "SELECT 6");
                }
            }
        });
        Contract.capability("pool.reset", () -> {
            StringBuilder seen = new StringBuilder();
            try (var pool = new org.mariadb.jdbc.MariaDbPoolDataSource(poolUrl())) {
                pool.setUser(Contract.setting("USER"));
                pool.setPassword(Contract.setting("PASSWORD"));
                for (int i = 0; i < 2; i++) {
                    try (Connection pooled = pool.getConnection()) {
                        seen.append(Client.ask(pooled, "SELECT @a, @@transaction_isolation, DATABASE()".replace("transaction_isolation", Contract.mysql() ? "transaction_isolation" : "tx_isolation")));
                        Client.run(pooled, "SET @a = 5");
                        Client.run(pooled, "CREATE TEMPORARY TABLE IF NOT EXISTS tmp_pool (id INT)");
                        pooled.setTransactionIsolation(Connection.TRANSACTION_SERIALIZABLE);
                    }
                }
            }
            return seen;
        });
        Contract.skip("the driver has no change of user", "change_user");
    }

    private static String poolUrl() {
        return "jdbc:mariadb://" + Contract.setting("HOST") + ":" + Contract.setting("PORT") + "/" + Contract.setting("SCHEMA")
            + "?maxPoolSize=1&useResetConnection=true&allowPublicKeyRetrieval=true&registerJmxPool=false&usePipelineAuth=false" + (Contract.tls() ? "&useSsl=true&trustServerCertificate=true" : "");
    }

    private static void errors(Connection db) {
        Contract.capability("error.duplicate", () -> Contract.refused(() -> Client.run(db, "INSERT INTO t_unique VALUES (?, 1)", 1), 1062));
        Contract.capability("error.syntax", () -> Contract.refused(() -> Client.run(db, "SELEC 1"), 1064));
        Contract.capability("error.no_table", () -> Contract.refused(() -> Client.ask(db, "SELECT * FROM no_such_table WHERE id = ?", 1), 1146));
        Contract.capability("error.lock", () -> {
            try (Connection other = Client.open()) {
                db.setAutoCommit(false);
                Client.ask(db, "SELECT * FROM t_unique WHERE id = 1 FOR UPDATE");
                return Contract.refused(() -> Client.ask(other, "SELECT * FROM t_unique WHERE id = 1 FOR UPDATE NOWAIT"), 3572, 1205);
            } finally {
                db.rollback();
                db.setAutoCommit(true);
            }
        });
    }

    private static void transfers(Connection db) {
        Contract.capability("large.in", () -> {
            byte[] value = "0123456789abcdef".repeat(Contract.SIZE >> 4).getBytes();
            try (PreparedStatement statement = db.prepareStatement("INSERT INTO t_large VALUES (1, ?)")) {
                statement.setBinaryStream(1, new ByteArrayInputStream(value));
                statement.executeUpdate();
            }
            String row = Client.ask(db, "SELECT LENGTH(v), SHA2(v, 256) FROM t_large WHERE id = 1");
            Contract.check(row.equals("[" + Contract.SIZE + ", " + sha256(value) + "]"), row);
            return null;
        });
        Contract.capability("large.out", () -> {
            String value = Client.ask(db, "SELECT REPEAT('0123456789abcdef', " + (Contract.SIZE >> 4) + ")");
            return value.length() + " " + sha256(value.getBytes());
        });
        Contract.capability("streaming", () -> {
            int count = 0;
            try (Statement statement = db.createStatement()) {
                statement.setFetchSize(10);
                try (ResultSet result = statement.executeQuery("SELECT n, v FROM t_numbers ORDER BY n")) {
                    while (result.next()) {
                        Contract.check(result.getInt(1) == count++, count);
                    }
                }
                try (ResultSet half = statement.executeQuery("SELECT n, v FROM t_numbers ORDER BY n")) {
                    half.next();
                }
            }
            return count + Client.ask(db, "SELECT COUNT(*) FROM t_numbers");
        });
        Contract.skip("the driver streams instead of using server-side cursors", "cursor");
        Contract.capability("load_data_local", () ->
            Client.run(db, "LOAD DATA LOCAL INFILE '" + Contract.setting("FILE") + "' INTO TABLE t_load CHARACTER SET utf8mb4")
                + Client.ask(db, "SELECT COUNT(*), MAX(id), MAX(v) FROM t_load"));
        Contract.capability("compression", () -> {
            try (Connection other = Client.open("useCompression=true")) {
                return Client.ask(other, "SELECT SHA2(REPEAT('x', 100000), 256), LENGTH(REPEAT('y', 100000)), REPEAT('z', 300)");
            }
        });
        Contract.capability("attributes", () -> {
            if (!Contract.mysql()) {
                throw new Contract.Skip("the server has its performance schema off");
            }
            return Client.ask(db, "SELECT ATTR_NAME, ATTR_VALUE FROM performance_schema.session_account_connect_attrs "
                + "WHERE PROCESSLIST_ID = CONNECTION_ID() AND ATTR_NAME = '_client_name'");
        });
    }
}
