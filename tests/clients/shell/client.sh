# The servers' own programs: mysql and mysqldump of MySQL 9.7, mariadb and mariadb-dump. $1: a folder to write to, $2: which.
set -u
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
at="--no-defaults --host=$DBTEST_HOST --port=$DBTEST_PORT --protocol=tcp --default-character-set=utf8mb4"
if [ "$2" = shell-mysql ]; then
  # Unpacked programs start through their own loader: "loader --library-path path program".
  shell="$DBTEST_MYSQL" dump="$DBTEST_MYSQLDUMP"
  tls=--ssl-mode=DISABLED; [ "$DBTEST_TLS" = 1 ] && tls=--ssl-mode=REQUIRED
  at="$at $tls"; key=--get-server-public-key; commands=--commands
else
  shell=mariadb dump=mariadb-dump
  tls=--skip-ssl; [ "$DBTEST_TLS" = 1 ] && tls=--ssl
  at="$at $tls"; key= commands=
fi
plugins="caching_sha2_password mysql_native_password sha256_password ed25519"

# As the application account, or as $USER_ with $PASSWORD_.
# SET NAMES, since MySQL's programs name a collation at their login that MariaDB does not know.
run() { MYSQL_PWD=${PASSWORD_:-$DBTEST_PASSWORD} $shell $at $key --init-command='SET NAMES utf8mb4' --user="${USER_:-$DBTEST_USER}" "$@" 2>&1; }
sql() { run --batch --skip-column-names "$DBTEST_SCHEMA" "$@"; }

ok() { printf 'ok %s %s\n' "$1" "$(printf '%s' "$2" | tr '\n\t' '  ')"; }
# same NAME EXPECTED SEEN [MORE]
same() { if [ "$2" = "$3" ]; then ok "$1" "${4:-$3}"; else printf 'fail %s %s\n' "$1" "$(printf '%s' "expected $2 seen $3" | tr '\n\t' '  ')"; fi; }
has() { case $3 in *"$2"*) ok "$1" "$3" ;; *) printf 'fail %s %s\n' "$1" "$(printf '%s' "no $2 in $3" | tr '\n\t' '  ')" ;; esac; }

echo "client $2 $($shell --version | sed 's/^.*Ver /Ver /; s/ for .*//')"
out=$(sql --force <<'END_OF_SCRIPT'
CREATE TABLE script (id INT AUTO_INCREMENT PRIMARY KEY, v VARCHAR(20)) CHARACTER SET utf8mb4;
INSERT INTO script (v) VALUES ('Grüße'), (NULL);
SELECT LAST_INSERT_ID(), ROW_COUNT();
SELECT * FROM script;
SELECT * FROM missing;
SELEC 1;
INSERT INTO script VALUES (1, 'twice');
delimiter $$
CREATE PROCEDURE p_script() BEGIN SELECT COUNT(*) FROM script; END$$
delimiter ;
CALL p_script();
USE information_schema
SELECT DATABASE();
END_OF_SCRIPT
); has script 1062 "$out"

for plugin in $plugins; do
  account=$(printf '%s' "$DBTEST_ACCOUNTS" | tr ',' '\n' | sed -n "s/^$plugin=//p")
  if [ -z "$account" ]; then echo "skip login.$plugin the server has no such accounts"; continue; fi
  USER_=${account%%:*} PASSWORD_=${account#*:}
  seen="$(sql -e 'SELECT CURRENT_USER()') $(sql -e 'SELECT CURRENT_USER()')"
  same "login.$plugin" "$USER_@% $USER_@%" "$seen"
done
USER_= PASSWORD_=wrong; has login.wrong_password 'ERROR 1045 (28000)' "$(sql -e 'SELECT 1')"
PASSWORD_=; has login.unknown_database 'ERROR 1049 (42000)' "$(run test_no_such -e 'SELECT 1')"

types='ti, tu, si, mi, i, bi, bu, f, d, n, da, dt, tm, y, HEX(b), c, v, HEX(vb), HEX(bl), tx, j, e, s'
has text.types 'Grüße 🐬' "$(sql -e "SELECT $types FROM t_types ORDER BY id")"
has metadata 'PRI_KEY' "$(run --column-type-info --table "$DBTEST_SCHEMA" -e 'SELECT *, COUNT(*) OVER () AS counted FROM t_types WHERE id = 1')"
has warnings 1062 "$(run --show-warnings -vv "$DBTEST_SCHEMA" -e 'INSERT IGNORE INTO t_unique VALUES (1, 1); SHOW WARNINGS' | grep -v ' sec)')"
has results.call text "$(sql -e "CALL p_two(5); SET @c = 'in'; CALL p_out(21, @b, @c); SELECT @b, @c")"
same transaction.rollback '1 0' "$(echo $(sql -e "BEGIN; INSERT INTO t_tx VALUES (1, 'one'); SELECT COUNT(*) FROM t_tx; ROLLBACK; SELECT COUNT(*) FROM t_tx"))"
same session_settings '+05:30 ANSI_QUOTES 11 E4' "$(echo $(sql -e "SET NAMES latin1; SET time_zone = '+05:30', sql_mode = 'ANSI_QUOTES'; UPDATE t_unique SET v = v + 1; SELECT @@time_zone, @@sql_mode, \"v\", HEX(CONVERT(x'E4' USING latin1)) FROM t_unique WHERE id = 1"))"

{ printf "INSERT INTO t_large VALUES (1, '"; head -c 17825792 /dev/zero | tr '\0' x; echo "');"; } >"$work/large.sql"
sql --max-allowed-packet=64M <"$work/large.sql"
same large.in '17825792 1' "$(echo $(sql -e "SELECT LENGTH(v), v = REPEAT('x', 17825792) FROM t_large"))"
same large.out 17825793 "$(sql --max-allowed-packet=64M -e "SELECT REPEAT('y', 17825792)" | wc -c)"
same load_data_local '3000 3000' "$(echo $(sql --local-infile=1 -e "LOAD DATA LOCAL INFILE '$DBTEST_FILE' INTO TABLE t_load CHARACTER SET utf8mb4; SELECT COUNT(*), MAX(id) FROM t_load"))"
same compression 100000 "$(sql --compress -e "SELECT LENGTH(REPEAT('z', 100000))" | grep -v WARNING)"
# What differs between any two connections is taken out.
has status 'Current database' "$(run $commands "$DBTEST_SCHEMA" -e status | sed '/Connection id/d; /Uptime/d; /Threads/d; /^TCP port/d; /SSL/d; /Ver /d; s/ \+/ /g')"

# Dumps: with their definitions and data, without what differs by the minute.
options="--routines --triggers --single-transaction --skip-dump-date --skip-comments --hex-blob --no-tablespaces --max-allowed-packet=64M"
[ "$2" = shell-mysql ] && options="$options --set-gtid-purged=OFF --column-statistics=0"
dump() { MYSQL_PWD=$DBTEST_PASSWORD $dump $at $options --user="$DBTEST_USER" "$@" 2>"$work/errors"; }
sql -e 'DELETE FROM t_large'
dump "$DBTEST_SCHEMA" >"$work/first.sql"
tables=$(grep -c '^CREATE TABLE' "$work/first.sql")
has dump 'p_out' "$tables tables $(grep -o 'PROCEDURE `[a-z_]*`' "$work/first.sql" | sort -u | tr '\n' ' ') $(sed "s/$DBTEST_SCHEMA/SCHEMA/g" "$work/first.sql" | sha256sum | cut -c1-16)"
copy=${DBTEST_SCHEMA}_copy
run -e "CREATE DATABASE $copy"
out=$(run --max-allowed-packet=64M "$copy" <"$work/first.sql")
dump "$copy" >"$work/second.sql"
run -e "DROP DATABASE $copy"
# A dump of routines names its schema.
sed -i "s/$copy/$DBTEST_SCHEMA/g" "$work/second.sql"
same restore '' "$out$(diff "$work/first.sql" "$work/second.sql" 2>&1 | head -4)" "$tables tables equal"
