import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.HexFormat;

/** What every client program is told, and how it reports (see ../README.md). */
final class Contract {
    static final String TYPES = "ti, tu, si, mi, i, bi, bu, f, d, n, da, dt, tm, y, b, c, v, vb, bl, tx, j, e, s";
    static final int SIZE = 17 << 20;
    private static final PrintStream OUT = new PrintStream(System.out, true, StandardCharsets.UTF_8);

    private Contract() { }

    static final class Skip extends Exception {
        Skip(String reason) { super(reason); }
    }

    interface Body { Object run() throws Exception; }

    interface Action { void run() throws Exception; }

    static String setting(String name) { return System.getenv("DBTEST_" + name); }

    static boolean tls() { return setting("TLS").equals("1"); }

    static boolean mysql() { return setting("FLAVOR").equals("mysql"); }

    /** User and password of the account with a plugin, of the first account for null; null if there is none. */
    static String[] account(String plugin) {
        for (String entry : setting("ACCOUNTS").split(",")) {
            String[] parts = entry.split("=", 2);
            if (plugin == null || parts[0].equals(plugin)) {
                return parts[1].split(":", 2);
            }
        }
        return null;
    }

    /** Runs one capability and prints its line; what the body returns is the detail. */
    static void capability(String name, Body body) {
        String line;
        try {
            Object detail = body.run();
            line = "ok " + name + " " + (detail == null ? "" : detail);
        } catch (Skip reason) {
            line = "skip " + name + " " + reason.getMessage();
        } catch (Exception | AssertionError e) {
            line = "fail " + name + " " + e + " at " + e.getStackTrace()[0];
        }
        OUT.println(line.replaceAll("\\s+", " ").stripTrailing());
    }

    static void say(String line) { OUT.println(line); }

    static void skip(String reason, String... names) {
        for (String name : names) {
            OUT.println("skip " + name + " " + reason);
        }
    }

    static void check(boolean condition, Object seen) {
        if (!condition) {
            throw new AssertionError(seen);
        }
    }

    /** The connection's number and port differ between a server and a proxy; this driver puts both into its messages. */
    static String refused(Action action, int... codes) throws Exception {
        try {
            action.run();
        } catch (SQLException e) {
            for (int code : codes) {
                if (e.getErrorCode() == code) {
                    return e.getErrorCode() + " " + e.getSQLState() + " " + e.getMessage().replaceAll("conn=-?\\d+", "conn").replaceAll("port=\\d+", "port");
                }
            }
            throw e;
        }
        throw new AssertionError("no error");
    }

    static String text(Object value) {
        return value == null ? "NULL" : value instanceof byte[] bytes ? "0x" + HexFormat.of().formatHex(bytes) : value.toString();
    }
}
