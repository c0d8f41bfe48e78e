package main

// Results, transactions, session state, errors, transfers.

import (
	"bytes"
	"context"
	"crypto/sha256"
	"database/sql"
	"fmt"
	"time"

	"github.com/go-sql-driver/mysql"
)

func ids(conn *sql.Conn) string { return text(ask(conn, "SELECT id FROM t_tx ORDER BY id")) }

func affected(result sql.Result) int64 {
	count, err := result.RowsAffected()
	must(err)
	return count
}

func inserted(result sql.Result) int64 {
	id, err := result.LastInsertId()
	must(err)
	return id
}

func resultsOf(conn *sql.Conn, query string) interface{} {
	rows, err := conn.QueryContext(background, query)
	must(err)
	defer rows.Close()
	seen := []interface{}{all(rows)}
	for rows.NextResultSet() {
		seen = append(seen, all(rows))
	}
	must(rows.Err())
	return seen
}

func sessions(db *sql.DB, conn *sql.Conn) {
	capability("insert_id", func() interface{} {
		first := do(conn, "INSERT INTO t_auto (v) VALUES (?)", "first")
		more := do(conn, "INSERT INTO t_auto (v) VALUES ('second'), ('third')")
		return []interface{}{inserted(first), inserted(more), affected(more), one(conn, "SELECT LAST_INSERT_ID()")}
	})
	capability("affected_rows", func() interface{} {
		check(affected(do(conn, "UPDATE t_unique SET v = v + 1")) == 2)
		check(affected(do(conn, "UPDATE t_unique SET v = v")) == 0)
		return nil
	})
	capability("found_rows", func() interface{} {
		other := open(func(c *mysql.Config) { c.ClientFoundRows = true })
		defer other.Close()
		check(affected(do(connection(other), "UPDATE t_unique SET v = v")) == 2)
		return nil
	})
	transactions(conn)
	capability("results.multi", func() interface{} {
		other := open(func(c *mysql.Config) { c.MultiStatements = true })
		defer other.Close()
		return resultsOf(connection(other), "SELECT 1; SELECT 'a', NULL; UPDATE t_unique SET v = v + 1 WHERE id = 1")
	})
	capability("results.call", func() interface{} { return resultsOf(conn, "CALL p_two(5)") })
	capability("results.out", func() interface{} {
		do(conn, "SET @c = 'in'")
		do(conn, "CALL p_out(?, @b, @c)", 21)
		return ask(conn, "SELECT @b, @c")
	})
	capability("warnings", func() interface{} {
		do(conn, "INSERT IGNORE INTO t_unique VALUES (1, 1)")
		return ask(conn, "SHOW WARNINGS")
	})
	capability("user_variables", func() interface{} {
		do(conn, "SET @a = 7, @b = 'text'")
		do(conn, "INSERT INTO t_auto (v) VALUES ('between')")
		return ask(conn, "SELECT @a, @b")
	})
	capability("temporary_table", func() interface{} {
		do(conn, "CREATE TEMPORARY TABLE tmp (id INT)")
		do(conn, "INSERT INTO tmp VALUES (1), (2)")
		check(one(conn, "SELECT SUM(id) FROM tmp") == "3")
		do(conn, "DROP TEMPORARY TABLE tmp")
		return nil
	})
	capability("session_settings", func() interface{} {
		do(conn, "SET time_zone = '+05:30', sql_mode = 'ANSI_QUOTES,NO_BACKSLASH_ESCAPES'")
		do(conn, "UPDATE t_unique SET v = v + 1")
		seen := ask(conn, `SELECT @@time_zone, @@sql_mode, '\' AS backslash, "v" FROM t_unique WHERE "id" = 1`)
		do(conn, "SET time_zone = DEFAULT, sql_mode = DEFAULT")
		return seen
	})
	capability("cancel", func() interface{} {
		// The driver drops the connection when its context ends; the pool opens another one.
		soon, stop := context.WithTimeout(background, 300*time.Millisecond)
		defer stop()
		started := time.Now()
		_, err := db.ExecContext(soon, "DO SLEEP(30)")
		check(err != nil && time.Since(started) < 20*time.Second, fmt.Sprint(err))
		var after int
		must(db.QueryRow("SELECT 5").Scan(&after))
		return fmt.Sprint(err, " ", after)
	})
	capability("pool.reset", func() interface{} {
		// database/sql resets nothing but checks a connection before it uses it again; a session keeps its variables.
		pool := open(nil)
		defer pool.Close()
		pool.SetMaxOpenConns(1)
		_, err := pool.Exec("SET @a = 5")
		must(err)
		var a int
		must(pool.QueryRow("SELECT @a").Scan(&a))
		return a
	})
	skip("the driver has no change of user", "change_user")
	failures(conn)
}

func transactions(conn *sql.Conn) {
	begin := func() *sql.Tx {
		tx, err := conn.BeginTx(background, nil)
		must(err)
		return tx
	}
	count := func(tx *sql.Tx) (n int) {
		must(tx.QueryRow("SELECT COUNT(*) FROM t_tx").Scan(&n))
		return
	}
	in := func(tx *sql.Tx, query string) {
		_, err := tx.Exec(query)
		must(err)
	}
	capability("transaction.commit", func() interface{} {
		tx := begin()
		in(tx, "INSERT INTO t_tx VALUES (1, 'one')")
		check(count(tx) == 1)
		must(tx.Commit())
		check(ids(conn) == "[[1]]" || ids(conn) == "[['1']]", ids(conn))
		return nil
	})
	capability("transaction.rollback", func() interface{} {
		tx := begin()
		in(tx, "INSERT INTO t_tx VALUES (2, 'two')")
		check(count(tx) == 2)
		must(tx.Rollback())
		return ids(conn)
	})
	capability("transaction.savepoint", func() interface{} {
		tx := begin()
		for _, query := range []string{"INSERT INTO t_tx VALUES (3, 'three')", "SAVEPOINT a", "INSERT INTO t_tx VALUES (4, 'four')", "ROLLBACK TO a"} {
			in(tx, query)
		}
		check(count(tx) == 2)
		must(tx.Commit())
		return ids(conn)
	})
}

func failures(conn *sql.Conn) {
	capability("error.duplicate", func() interface{} {
		return refused(func() { do(conn, "INSERT INTO t_unique VALUES (1, 1)") }, 1062)
	})
	capability("error.syntax", func() interface{} { return refused(func() { do(conn, "SELEC 1") }, 1064) })
	capability("error.no_table", func() interface{} {
		return refused(func() { ask(conn, "SELECT * FROM no_such_table WHERE id = ?", 1) }, 1146)
	})
	capability("error.lock", func() interface{} {
		db := open(nil)
		defer db.Close()
		do(conn, "BEGIN")
		defer do(conn, "ROLLBACK")
		ask(conn, "SELECT * FROM t_unique WHERE id = 1 FOR UPDATE")
		return refused(func() { ask(connection(db), "SELECT * FROM t_unique WHERE id = 1 FOR UPDATE NOWAIT") }, 3572, 1205)
	})
}

func transfers(conn *sql.Conn) {
	capability("large.in", func() interface{} {
		value := bytes.Repeat([]byte("0123456789abcdef"), size>>4)
		db := open(func(c *mysql.Config) { c.MaxAllowedPacket = 0 })
		defer db.Close()
		other := connection(db)
		do(other, "INSERT INTO t_large VALUES (1, ?)", value)
		seen := text(ask(other, "SELECT LENGTH(v), SHA2(v, 256) FROM t_large WHERE id = 1"))
		check(seen == fmt.Sprintf("[['%d', '%x']]", size, sha256.Sum256(value)), seen)
		return nil
	})
	capability("large.out", func() interface{} {
		value := ask(conn, fmt.Sprintf("SELECT REPEAT('0123456789abcdef', %d)", size>>4))[0].([]interface{})[0].([]byte)
		return fmt.Sprintf("%d %x", len(value), sha256.Sum256(value))
	})
	capability("streaming", func() interface{} {
		rows, err := conn.QueryContext(background, "SELECT n, v FROM t_numbers ORDER BY n")
		must(err)
		seen := all(rows)
		half, err := conn.QueryContext(background, "SELECT n, v FROM t_numbers ORDER BY n")
		must(err)
		half.Next()
		half.Close()
		return []interface{}{len(seen), seen[len(seen)-1], one(conn, "SELECT COUNT(*) FROM t_numbers")}
	})
	skip("the driver has no server-side cursors", "cursor")
	capability("load_data_local", func() interface{} {
		loaded := do(conn, "LOAD DATA LOCAL INFILE '"+setting("FILE")+"' INTO TABLE t_load CHARACTER SET utf8mb4")
		return []interface{}{affected(loaded), ask(conn, "SELECT COUNT(*), MAX(id), MAX(v) FROM t_load")}
	})
	skip("this version of the driver has no compression", "compression")
	skip("this version of the driver sends none", "attributes")
}
