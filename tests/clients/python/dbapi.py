"""The capabilities of a DB-API driver; PyMySQL and mysqlclient share their interface."""
import hashlib
import threading

import contract
from contract import Skip, capability

TYPES = "ti, tu, si, mi, i, bi, bu, f, d, n, da, dt, tm, y, b, c, v, vb, bl, tx, j, e, s"


def run(driver, connect, plugins):
    """All that both drivers can do; connect(**options) opens a connection as the application account."""
    logins(driver, connect, plugins)
    with_connection(driver, connect, statements)
    with_connection(driver, connect, transactions)
    with_connection(driver, connect, results)
    with_connection(driver, connect, sessions)
    with_connection(driver, connect, errors)
    transfers(driver, connect)


def with_connection(driver, connect, part):
    db = connect()
    try:
        part(driver, connect, db)
    finally:
        db.close()


def ask(db, sql, *values):
    with db.cursor() as cursor:
        cursor.execute(sql, values or None)
        return cursor.fetchall()


def one(db, sql, *values):
    return ask(db, sql, *values)[0][0]


def refused(driver, action, *codes):
    try:
        action()
    except driver.Error as error:
        if error.args[0] not in codes:
            raise
        return f"{type(error).__name__} {error.args[0]} {error.args[1]}"
    raise AssertionError("no error")


def logins(driver, connect, plugins):
    def login(**account):
        db = connect(**account)
        try:
            return one(db, "SELECT CURRENT_USER()")
        finally:
            db.close()

    capability("login.default")(login)
    for plugin in ("caching_sha2_password", "mysql_native_password", "sha256_password", "ed25519"):
        def of_plugin():
            if plugin not in contract.accounts:
                raise Skip("the server has no such accounts")
            if plugin not in plugins:
                raise Skip("the driver does not know this plugin")
            user, password = contract.accounts[plugin]
            return f"{login(user=user, password=password)} {login(user=user, password=password)}"
        capability(f"login.{plugin}")(of_plugin)
    capability("login.wrong_password")(lambda: refused(driver, lambda: login(password="wrong"), 1045))
    capability("login.unknown_database")(lambda: refused(driver, lambda: login(database="test_no_such"), 1049))


def statements(driver, connect, db):
    @capability("ping")
    def ping():
        db.ping()

    @capability("use_database")
    def use_database():
        db.select_db("information_schema")
        there = one(db, "SELECT DATABASE()")
        db.select_db(contract.schema)
        return f"{there} {one(db, 'SELECT DATABASE()')}"

    @capability("text.types")
    def text_types():
        rows = ask(db, f"SELECT {TYPES} FROM t_types ORDER BY id")
        columns = TYPES.replace(",", "").split()
        ask(db, f"INSERT INTO t_types (id, {TYPES}) VALUES (10, {', '.join(['%s'] * len(columns))})", *rows[0])
        return f"{rows} {ask(db, f'SELECT {TYPES} FROM t_types WHERE id = 10')}"

    contract.skip("the driver has no server-side prepared statements", "prepared.types", "prepared.nulls", "prepared.reexecute")

    @capability("charsets")
    def charsets():
        ask(db, "REPLACE INTO t_text VALUES (1, %s, %s, %s, %s, %s)", "Grüße", "漢字", "表ソ", "Ω🐬", "naïve 🐬漢字")
        lengths = ask(db, "SELECT HEX(l), HEX(g), HEX(s), HEX(w), HEX(u) FROM t_text WHERE id = 1")
        text = ask(db, "SELECT l, g, s, w, u FROM t_text WHERE id = 1")
        assert text == (("Grüße", "漢字", "表ソ", "Ω🐬", "naïve 🐬漢字"),), text
        latin = connect(charset="latin1")
        try:
            assert one(latin, "SELECT l FROM t_text WHERE id = 1") == "Grüße"
            assert one(latin, "SELECT COUNT(*) FROM t_text WHERE l = %s", "Grüße") == 1
        finally:
            latin.close()
        return lengths

    @capability("metadata")
    def metadata():
        with db.cursor() as cursor:
            cursor.execute(f"SELECT id, {TYPES}, COUNT(*) OVER () AS counted, 1 + 1 FROM t_types WHERE id = 1")
            return list(cursor.description)

    @capability("insert_id")
    def insert_id():
        with db.cursor() as cursor:
            cursor.execute("INSERT INTO t_auto (v) VALUES (%s)", ("first",))
            first = cursor.lastrowid
            cursor.execute("INSERT INTO t_auto (v) VALUES ('second'), ('third')")
            return f"{first} {cursor.lastrowid} {db.insert_id()} {one(db, 'SELECT LAST_INSERT_ID()')}"

    @capability("affected_rows")
    def affected_rows():
        with db.cursor() as cursor:
            counts = [cursor.execute(sql) for sql in (
                "UPDATE t_unique SET v = v + 1", "UPDATE t_unique SET v = v", "DELETE FROM t_unique WHERE id > 100", "SELECT * FROM t_unique")]
        assert counts == [2, 0, 0, 2], counts
        return counts

    @capability("found_rows")
    def found_rows():
        other = connect(client_flag=2)
        try:
            with other.cursor() as cursor:
                found = cursor.execute("UPDATE t_unique SET v = v")
            assert found == 2, found
        finally:
            other.close()


def transactions(driver, connect, db):
    def ids():
        return [row[0] for row in ask(db, "SELECT id FROM t_tx ORDER BY id")]

    @capability("transaction.commit")
    def commit():
        db.begin() if hasattr(db, "begin") else ask(db, "BEGIN")
        ask(db, "INSERT INTO t_tx VALUES (1, 'one')")
        inside = ids()
        db.commit()
        assert inside == [1] and ids() == [1], (inside, ids())

    @capability("transaction.rollback")
    def rollback():
        db.autocommit(False)
        ask(db, "INSERT INTO t_tx VALUES (2, 'two')")
        inside = ids()
        db.rollback()
        db.autocommit(True)
        assert inside == [1, 2] and ids() == [1], (inside, ids())

    @capability("transaction.savepoint")
    def savepoint():
        for sql in ("BEGIN", "INSERT INTO t_tx VALUES (3, 'three')", "SAVEPOINT a", "INSERT INTO t_tx VALUES (4, 'four')", "ROLLBACK TO a", "COMMIT"):
            ask(db, sql)
        assert ids() == [1, 3], ids()


def results(driver, connect, db):
    def all_results(cursor):
        collected = [cursor.fetchall()]
        while cursor.nextset():
            collected.append(cursor.fetchall())
        return collected

    @capability("results.multi")
    def multi():
        other = connect(client_flag=1 << 16)
        try:
            with other.cursor() as cursor:
                cursor.execute("SELECT 1; UPDATE t_unique SET v = v + 1 WHERE id = 1; SELECT 'a', NULL")
                return all_results(cursor)
        finally:
            other.close()

    @capability("results.call")
    def call():
        with db.cursor() as cursor:
            cursor.callproc("p_two", (5,))
            return all_results(cursor)

    @capability("results.out")
    def out():
        with db.cursor() as cursor:
            cursor.callproc("p_out", (21, 0, "in"))
            while cursor.nextset():
                pass
        return ask(db, "SELECT @_p_out_0, @_p_out_1, @_p_out_2")

    @capability("warnings")
    def warnings():
        with db.cursor() as cursor:
            cursor.execute("SELECT CAST('12 apples' AS SIGNED), 1 / 0")
        shown = ask(db, "SHOW WARNINGS")
        assert shown, "no warnings"
        return f"{shown} {ask(db, 'SELECT @@warning_count')}"


def sessions(driver, connect, db):
    @capability("user_variables")
    def user_variables():
        ask(db, "SET @a = 7, @b = 'text'")
        ask(db, "INSERT INTO t_auto (v) VALUES ('between')")
        return ask(db, "SELECT @a, @b, @c")

    @capability("temporary_table")
    def temporary_table():
        ask(db, "CREATE TEMPORARY TABLE tmp (id INT)")
        ask(db, "INSERT INTO tmp VALUES (1), (2)")
        assert one(db, "SELECT SUM(id) FROM tmp") == 3
        ask(db, "DROP TEMPORARY TABLE tmp")

    @capability("session_settings")
    def session_settings():
        ask(db, "SET time_zone = '+05:30', sql_mode = 'ANSI_QUOTES,NO_BACKSLASH_ESCAPES'")
        ask(db, "UPDATE t_unique SET v = v + 1")
        seen = ask(db, "SELECT @@time_zone, @@sql_mode, '\\\\', \"v\" FROM t_unique WHERE \"id\" = 1")
        ask(db, "SET time_zone = DEFAULT, sql_mode = DEFAULT")
        return seen

    @capability("cancel")
    def cancel():
        victim = connect()
        outcome = []

        def sleep():
            try:
                outcome.append(ask(victim, "SELECT SLEEP(30)"))
            except driver.Error as error:
                outcome.append(error.args)
        thread = threading.Thread(target=sleep)
        thread.start()
        for _ in range(100):
            ask(db, f"KILL QUERY {victim.thread_id()}")
            thread.join(0.1)
            if not thread.is_alive():
                break
        assert not thread.is_alive(), "not cancelled"
        after = one(victim, "SELECT 5")
        victim.close()
        # Whether the sleep returns 1 or the error 1317 depends on how far it was: both are a server's answer.
        assert outcome[0] == ((1,),) or outcome[0][0] == 1317, outcome
        return after


def errors(driver, connect, db):
    capability("error.duplicate")(lambda: refused(driver, lambda: ask(db, "INSERT INTO t_unique VALUES (1, 1)"), 1062))
    capability("error.syntax")(lambda: refused(driver, lambda: ask(db, "SELEC 1"), 1064))
    capability("error.no_table")(lambda: refused(driver, lambda: ask(db, "SELECT * FROM no_such_table"), 1146))

    @capability("error.lock")
    def lock():
        other = connect()
        try:
            ask(db, "BEGIN")
            ask(db, "SELECT * FROM t_unique WHERE id = 1 FOR UPDATE")
            return refused(driver, lambda: ask(other, "SELECT * FROM t_unique WHERE id = 1 FOR UPDATE NOWAIT"), 3572, 1205)
        finally:
            ask(db, "ROLLBACK")
            other.close()


def transfers(driver, connect):
    size = 17 << 20
    db = connect(local_infile=1)

    @capability("large.in")
    def large_in():
        value = b"0123456789abcdef" * (size >> 4)
        ask(db, "INSERT INTO t_large VALUES (1, %s)", value)
        length, sum = ask(db, "SELECT LENGTH(v), SHA2(v, 256) FROM t_large WHERE id = 1")[0]
        assert (length, sum) == (size, hashlib.sha256(value).hexdigest()), (length, sum)

    @capability("large.out")
    def large_out():
        value = one(db, f"SELECT REPEAT('0123456789abcdef', {size >> 4})")
        return f"{len(value)} {hashlib.sha256(value.encode()).hexdigest()}"

    @capability("streaming")
    def streaming():
        cursor = db.cursor(driver.cursors.SSCursor)
        cursor.execute("SELECT n, v FROM t_numbers ORDER BY n")
        rows = list(cursor)
        cursor.close()
        cursor = db.cursor(driver.cursors.SSCursor)
        cursor.execute("SELECT n, v FROM t_numbers ORDER BY n")
        half = [cursor.fetchone() for _ in range(10)]
        cursor.close()
        return f"{len(rows)} {rows[-1]} {half[-1]} {one(db, 'SELECT COUNT(*) FROM t_numbers')}"

    contract.skip("the driver has no server-side cursors", "cursor")

    @capability("load_data_local")
    def load_data_local():
        with db.cursor() as cursor:
            loaded = cursor.execute(f"LOAD DATA LOCAL INFILE '{contract.file}' INTO TABLE t_load CHARACTER SET utf8mb4")
        return f"{loaded} {ask(db, 'SELECT COUNT(*), MAX(id), MAX(v) FROM t_load')}"
    db.close()
