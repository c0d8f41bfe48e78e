import java.math.BigDecimal;
import java.sql.CallableStatement;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Types;
import java.util.Properties;

/** MariaDB Connector/J, own code of the protocol: logins, types, results. */
final class Client {
    static Connection openAs(String user, String password, String schema, String... options) throws SQLException {
        Properties properties = new Properties();
        properties.put("user", user);
        properties.put("password", password);
        properties.put("allowPublicKeyRetrieval", "true");
        properties.put("allowLocalInfile", "true");
        properties.put("useServerPrepStmts", "true");
        properties.put("serverTimezone", "UTC");
        // Its first statements otherwise go out at once, and have 500 ms for their answers: a busy machine needs longer.
        properties.put("usePipelineAuth", "false");
        if (Contract.tls()) {
            properties.put("useSsl", "true");
            properties.put("trustServerCertificate", "true");
        }
        for (String option : options) {
            properties.put(option.split("=", 2)[0], option.split("=", 2)[1]);
        }
        return DriverManager.getConnection("jdbc:mariadb://" + Contract.setting("HOST") + ":" + Contract.setting("PORT") + "/" + schema, properties);
    }

    static Connection open(String... options) throws SQLException {
        return openAs(Contract.setting("USER"), Contract.setting("PASSWORD"), Contract.setting("SCHEMA"), options);
    }

    static String login(String user, String password, String schema) throws SQLException {
        try (Connection db = openAs(user, password, schema)) {
            return ask(db, "SELECT CURRENT_USER()");
        }
    }

    static String rows(ResultSet result) throws SQLException {
        StringBuilder text = new StringBuilder();
        int columns = result.getMetaData().getColumnCount();
        while (result.next()) {
            text.append('[');
            for (int i = 1; i <= columns; i++) {
                text.append(i > 1 ? ", " : "").append(Contract.text(result.getObject(i)));
            }
            text.append(']');
        }
        return text.toString();
    }

    /** By the text protocol where no values are given, else by a server-side prepared statement. */
    static String ask(Connection db, String sql, Object... values) throws SQLException {
        if (values.length == 0) {
            try (Statement statement = db.createStatement(); ResultSet result = statement.executeQuery(sql)) {
                return rows(result);
            }
        }
        try (PreparedStatement statement = db.prepareStatement(sql)) {
            bind(statement, values);
            try (ResultSet result = statement.executeQuery()) {
                return rows(result);
            }
        }
    }

    static int run(Connection db, String sql, Object... values) throws SQLException {
        if (values.length == 0) {
            try (Statement statement = db.createStatement()) {
                statement.execute(sql);
                return statement.getUpdateCount();
            }
        }
        try (PreparedStatement statement = db.prepareStatement(sql)) {
            bind(statement, values);
            return statement.executeUpdate();
        }
    }

    private static void bind(PreparedStatement statement, Object... values) throws SQLException {
        for (int i = 0; i < values.length; i++) {
            statement.setObject(i + 1, values[i]);
        }
    }

    static String results(Statement statement, boolean first) throws SQLException {
        StringBuilder text = new StringBuilder();
        for (boolean result = first; result || statement.getUpdateCount() >= 0; result = statement.getMoreResults()) {
            text.append(result ? rows(statement.getResultSet()) : "{" + statement.getUpdateCount() + "}").append(' ');
        }
        return text.toString();
    }

    public static void main(String[] arguments) throws Exception {
        String user = Contract.setting("USER"), password = Contract.setting("PASSWORD"), schema = Contract.setting("SCHEMA");
        Contract.say("client MariaDB-Connector/J " + DriverManager.getDriver("jdbc:mariadb://x/").getMajorVersion() + "."
            + DriverManager.getDriver("jdbc:mariadb://x/").getMinorVersion());
        Contract.capability("login.default", () -> login(user, password, schema));
        for (String plugin : new String[] {"caching_sha2_password", "mysql_native_password", "sha256_password", "ed25519"}) {
            Contract.capability("login." + plugin, () -> {
                String[] account = Contract.account(plugin);
                if (account == null) {
                    throw new Contract.Skip("the server has no such accounts");
                }
                return login(account[0], account[1], schema) + " " + login(account[0], account[1], schema);
            });
        }
        Contract.capability("login.wrong_password", () -> Contract.refused(() -> login(user, "wrong", schema), 1045));
        Contract.capability("login.unknown_database", () -> Contract.refused(() -> login(user, password, "test_no_such"), 1049));
        try (Connection db = open()) {
            statements(db);
            results(db);
            Sessions.run(db);
        }
    }

    private static void statements(Connection db) {
        String types = Contract.TYPES;
        int columns = types.split(",").length;
        Contract.capability("ping", () -> db.isValid(5));
        Contract.capability("use_database", () -> {
            db.setCatalog("information_schema");
            String there = ask(db, "SELECT DATABASE()");
            db.setCatalog(Contract.setting("SCHEMA"));
            return there + ask(db, "SELECT DATABASE()");
        });
        Contract.capability("text.types", () -> ask(db, "SELECT " + types + " FROM t_types WHERE id < 10 ORDER BY id"));
        Contract.capability("prepared.types", () -> {
            run(db, "INSERT INTO t_types (id, " + types + ") VALUES (20" + ", ?".repeat(columns) + ")", -128, 255, -32768, 8388607,
                Integer.MIN_VALUE, Long.MIN_VALUE, "18446744073709551615", 1.5, -2.5e-10, new BigDecimal("-12345678901234567890.0123456789"),
                "2024-02-29", "1999-12-31 23:59:59.999999", "-123:45:06.500000", 2155, new byte[] {2, (byte) 0xAA}, "abc", "Grüße 🐬",
                new byte[] {0, -1, 0x27, 0x5C}, new byte[] {0, 1, -2, -1}, "漢字", "{\"a\": [1, null]}", "large", "x,z");
            return ask(db, "SELECT " + types.replace("tm,", "CAST(tm AS CHAR) AS tm,") + " FROM t_types WHERE id IN (1, 2, ?) ORDER BY id", 20);
        });
        Contract.capability("prepared.nulls", () -> {
            run(db, "INSERT INTO t_types (id, " + types + ") VALUES (21" + ", ?".repeat(columns) + ")", new Object[columns]);
            String row = ask(db, "SELECT " + types + ", ? AS p FROM t_types WHERE id = 21", new Object[1]);
            Contract.check(row.equals("[NULL" + ", NULL".repeat(columns) + "]"), row);
            return null;
        });
        Contract.capability("prepared.reexecute", () -> {
            StringBuilder seen = new StringBuilder();
            try (PreparedStatement statement = db.prepareStatement("SELECT v + ? AS v, CONCAT(?, id) AS c FROM t_unique WHERE id > 0 ORDER BY id")) {
                for (int i = 1; i <= 10; i++) {
                    statement.setObject(1, i == 3 ? null : i);
                    statement.setString(2, "text");
                    try (ResultSet result = statement.executeQuery()) {
                        seen.append(rows(result));
                    }
                }
            }
            return seen;
        });
        Contract.capability("charsets", () -> {
            run(db, "REPLACE INTO t_text VALUES (1, ?, ?, ?, ?, ?)", "Grüße", "漢字", "表ソ", "Ω🐬", "naïve 🐬漢字");
            String back = ask(db, "SELECT l, g, s, w, u FROM t_text WHERE id = 1");
            Contract.check(back.equals("[Grüße, 漢字, 表ソ, Ω🐬, naïve 🐬漢字]"), back);
            return ask(db, "SELECT HEX(l), HEX(g), HEX(s), HEX(w), HEX(u) FROM t_text WHERE id = 1");
        });
        Contract.capability("metadata", () -> {
            StringBuilder seen = new StringBuilder();
            try (Statement statement = db.createStatement();
                ResultSet result = statement.executeQuery("SELECT id, " + types + ", COUNT(*) OVER () AS counted, 1 + 1 FROM t_types WHERE id = 1")) {
                ResultSetMetaData m = result.getMetaData();
                for (int i = 1; i <= m.getColumnCount(); i++) {
                    seen.append(String.join(" ", m.getColumnLabel(i), m.getColumnName(i), m.getTableName(i), m.getColumnTypeName(i), m.getColumnClassName(i),
                        "" + m.getPrecision(i), "" + m.getScale(i), "" + m.isNullable(i), "" + m.isSigned(i), "" + m.isAutoIncrement(i))).append("; ");
                }
            }
            return seen;
        });
    }

    private static void results(Connection db) {
        Contract.capability("results.multi", () -> {
            try (Connection other = open("allowMultiQueries=true"); Statement statement = other.createStatement()) {
                return results(statement, statement.execute("SELECT 1; UPDATE t_unique SET v = v + 1 WHERE id = 1; SELECT 'a', NULL"));
            }
        });
        Contract.capability("results.call", () -> {
            try (CallableStatement call = db.prepareCall("{CALL p_two(?)}")) {
                call.setInt(1, 5);
                return results(call, call.execute());
            }
        });
        Contract.capability("results.out", () -> {
            try (CallableStatement call = db.prepareCall("{CALL p_out(?, ?, ?)}")) {
                call.setInt(1, 21);
                call.registerOutParameter(2, Types.INTEGER);
                call.setString(3, "in");
                call.registerOutParameter(3, Types.VARCHAR);
                call.execute();
                return call.getInt(2) + " " + call.getString(3);
            }
        });
    }
}
