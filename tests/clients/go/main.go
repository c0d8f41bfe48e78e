package main

// go-sql-driver/mysql, the driver of database/sql: own code of the protocol, pooled connections.

import (
	"context"
	"database/sql"
	"fmt"
	"net"
	"strings"
	"time"

	"github.com/go-sql-driver/mysql"
)

var background = context.Background()

func open(change func(*mysql.Config)) *sql.DB {
	config := mysql.NewConfig()
	config.Net, config.Addr = "tcp", net.JoinHostPort(setting("HOST"), setting("PORT"))
	config.User, config.Passwd, config.DBName = setting("USER"), setting("PASSWORD"), setting("SCHEMA")
	config.AllowAllFiles, config.Loc = true, time.UTC
	config.Collation = "utf8mb4_general_ci"
	if setting("TLS") == "1" {
		config.TLSConfig = "skip-verify"
	}
	if change != nil {
		change(config)
	}
	db, err := sql.Open("mysql", config.FormatDSN())
	must(err)
	return db
}

// One connection for the life of the caller.
func connection(db *sql.DB) *sql.Conn {
	conn, err := db.Conn(background)
	must(err)
	return conn
}

func login(change func(*mysql.Config)) string {
	db := open(change)
	defer db.Close()
	var user string
	must(db.QueryRow("SELECT CURRENT_USER()").Scan(&user))
	return user
}

func do(conn *sql.Conn, query string, values ...interface{}) sql.Result {
	result, err := conn.ExecContext(background, query, values...)
	must(err)
	return result
}

func ask(conn *sql.Conn, query string, values ...interface{}) []interface{} {
	rows, err := conn.QueryContext(background, query, values...)
	must(err)
	defer rows.Close()
	return all(rows)
}

func one(conn *sql.Conn, query string) string {
	return strings.Trim(text(ask(conn, query)[0].([]interface{})[0]), "'")
}

// All rows of the present result.
func all(rows *sql.Rows) []interface{} {
	columns, err := rows.Columns()
	must(err)
	found := []interface{}{}
	for rows.Next() {
		row, targets := make([]interface{}, len(columns)), make([]interface{}, len(columns))
		for i := range row {
			targets[i] = &row[i]
		}
		must(rows.Scan(targets...))
		found = append(found, row)
	}
	must(rows.Err())
	return found
}

func refused(action func(), codes ...uint16) (seen interface{}) {
	defer func() {
		problem := recover()
		if failure, ok := problem.(*mysql.MySQLError); ok {
			for _, code := range codes {
				if failure.Number == code {
					seen = failure.Error()
					return
				}
			}
		}
		if problem != nil {
			panic(problem)
		}
	}()
	action()
	panic(fmt.Errorf("no error"))
}

func main() {
	fmt.Println("client go-sql-driver", "1.5.0")
	capability("login.default", func() interface{} { return login(nil) })
	for _, plugin := range []string{"caching_sha2_password", "mysql_native_password", "sha256_password", "ed25519"} {
		plugin := plugin
		capability("login."+plugin, func() interface{} {
			user, password, ok := account(plugin)
			if !ok {
				panic(skipped("the server has no such accounts"))
			}
			if plugin == "ed25519" {
				panic(skipped("the driver does not know this plugin"))
			}
			change := func(c *mysql.Config) { c.User, c.Passwd = user, password }
			return login(change) + " " + login(change)
		})
	}
	capability("login.wrong_password", func() interface{} {
		return refused(func() { login(func(c *mysql.Config) { c.Passwd = "wrong" }) }, 1045)
	})
	capability("login.unknown_database", func() interface{} {
		return refused(func() { login(func(c *mysql.Config) { c.DBName = "test_no_such" }) }, 1049)
	})
	db := open(nil)
	conn := connection(db)
	statements(conn)
	sessions(db, conn)
	transfers(conn)
}

func statements(conn *sql.Conn) {
	capability("ping", func() interface{} { must(conn.PingContext(background)); return nil })
	capability("use_database", func() interface{} {
		do(conn, "USE information_schema")
		there := one(conn, "SELECT DATABASE()")
		do(conn, "USE "+setting("SCHEMA"))
		return there + " " + one(conn, "SELECT DATABASE()")
	})
	capability("text.types", func() interface{} { return ask(conn, "SELECT "+types+" FROM t_types WHERE id < 10 ORDER BY id") })
	capability("prepared.types", func() interface{} {
		values := []interface{}{-128, 255, -32768, 8388607, -2147483648, int64(-9223372036854775808), uint64(18446744073709551615), 1.5, -2.5e-10,
			"-12345678901234567890.0123456789", "2024-02-29", time.Date(1999, 12, 31, 23, 59, 59, 999999000, time.UTC), "-123:45:06.500000", 2155,
			[]byte{2, 0xAA}, "abc", "Grüße 🐬", []byte{0, 0xFF, '\'', '\\'}, []byte{0, 1, 0xFE, 0xFF}, "漢字", `{"a": [1, null]}`, "large", "x,z"}
		do(conn, "INSERT INTO t_types (id, "+types+") VALUES (20"+strings.Repeat(", ?", len(values))+")", values...)
		return ask(conn, "SELECT "+types+" FROM t_types WHERE id IN (1, 2, ?) ORDER BY id", 20)
	})
	capability("prepared.nulls", func() interface{} {
		nulls := make([]interface{}, strings.Count(types, ",")+1)
		do(conn, "INSERT INTO t_types (id, "+types+") VALUES (21"+strings.Repeat(", ?", len(nulls))+")", nulls...)
		row := ask(conn, "SELECT "+types+", ? AS p FROM t_types WHERE id = 21", nil)[0].([]interface{})
		for _, value := range row {
			check(value == nil, row)
		}
		return len(row)
	})
	capability("prepared.reexecute", func() interface{} {
		statement, err := conn.PrepareContext(background, "SELECT v + ? AS v, CONCAT(?, id) AS c FROM t_unique WHERE id > 0 ORDER BY id")
		must(err)
		defer statement.Close()
		seen := []interface{}{}
		for _, value := range []interface{}{1, 2, nil, 4, 5, 6, 7, 8, 9, 10} {
			rows, err := statement.Query(value, "text")
			must(err)
			seen = append(seen, all(rows))
			rows.Close()
		}
		return seen
	})
	capability("charsets", func() interface{} {
		texts := []interface{}{"Grüße", "漢字", "表ソ", "Ω🐬", "naïve 🐬漢字"}
		do(conn, "REPLACE INTO t_text VALUES (1, ?, ?, ?, ?, ?)", texts...)
		back := ask(conn, "SELECT l, g, s, w, u FROM t_text WHERE id = 1")[0].([]interface{})
		for i := range texts {
			check(string(back[i].([]byte)) == texts[i], back)
		}
		return ask(conn, "SELECT HEX(l), HEX(g), HEX(s), HEX(w), HEX(u) FROM t_text WHERE id = 1")
	})
	capability("metadata", func() interface{} {
		rows, err := conn.QueryContext(background, "SELECT id, "+types+", COUNT(*) OVER () AS counted, 1 + 1 FROM t_types WHERE id = 1")
		must(err)
		defer rows.Close()
		columns, err := rows.ColumnTypes()
		must(err)
		seen := []interface{}{}
		for _, c := range columns {
			nullable, _ := c.Nullable()
			precision, scale, _ := c.DecimalSize()
			seen = append(seen, fmt.Sprint(c.Name(), c.DatabaseTypeName(), c.ScanType(), nullable, precision, scale))
		}
		return seen
	})
}
