package main

// What every client program is told, and how it reports (see ../README.md).

import (
	"fmt"
	"os"
	"regexp"
	"strings"
	"unicode/utf8"
)

const types = "ti, tu, si, mi, i, bi, bu, f, d, n, da, dt, tm, y, b, c, v, vb, bl, tx, j, e, s"
const size = 17 << 20

type skipped string

func (s skipped) Error() string { return string(s) }

func setting(name string) string { return os.Getenv("DBTEST_" + name) }

// User and password of the account with a plugin; of the first account where no plugin is named.
func account(plugin string) (string, string, bool) {
	for _, entry := range strings.Split(setting("ACCOUNTS"), ",") {
		parts := strings.SplitN(entry, "=", 2)
		if len(parts) == 2 && (plugin == "" || parts[0] == plugin) {
			account := strings.SplitN(parts[1], ":", 2)
			return account[0], account[1], true
		}
	}
	return "", "", false
}

var spaces = regexp.MustCompile(`\s+`)

// Runs one capability and prints its line; what the body returns is the detail. A panic with an error is its failure.
func capability(name string, body func() interface{}) {
	line := ""
	func() {
		defer func() {
			if problem := recover(); problem != nil {
				if reason, ok := problem.(skipped); ok {
					line = "skip " + name + " " + string(reason)
				} else {
					line = fmt.Sprintf("fail %s %v", name, problem)
				}
			}
		}()
		line = "ok " + name + " " + text(body())
	}()
	fmt.Println(strings.TrimSpace(spaces.ReplaceAllString(line, " ")))
}

func skip(reason string, names ...string) {
	for _, name := range names {
		fmt.Println("skip", name, reason)
	}
}

func must(err error) {
	if err != nil {
		panic(err)
	}
}

func check(condition bool, seen ...interface{}) {
	if !condition {
		panic(fmt.Errorf("assertion: %s", text(seen)))
	}
}

// A value as text with its Go type where it matters; bytes that are no text in hex.
func text(value interface{}) string {
	switch v := value.(type) {
	case nil:
		return ""
	case string:
		return v
	case []byte:
		if utf8.Valid(v) && !strings.ContainsAny(string(v), "\x00\x01\x02") {
			return "'" + string(v) + "'"
		}
		return fmt.Sprintf("0x%x", v)
	case []interface{}:
		parts := []string{}
		for _, item := range v {
			if item == nil {
				parts = append(parts, "NULL")
			} else {
				parts = append(parts, text(item))
			}
		}
		return "[" + strings.Join(parts, ", ") + "]"
	default:
		return fmt.Sprintf("%v", v)
	}
}
