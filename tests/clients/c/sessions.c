/* Results, transactions, session state, errors, transfers. */
#define _GNU_SOURCE
#include "contract.h"
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void insert_id(void)
{
  run(main_db, "INSERT INTO t_auto (v) VALUES ('first')");
  add("%llu ", (unsigned long long)mysql_insert_id(main_db));
  run(main_db, "INSERT INTO t_auto (v) VALUES ('second'), ('third')");
  add("%llu %s ", (unsigned long long)mysql_insert_id(main_db), mysql_info(main_db));
  rows(main_db, "SELECT LAST_INSERT_ID()");
}

static void affected_rows(void)
{
  rows(main_db, "UPDATE t_unique SET v = v + 1");
  add("%s", mysql_info(main_db));
  rows(main_db, "UPDATE t_unique SET v = v");
  check(strstr(detail, "{2 affected}") && strstr(detail, "{0 affected}"), "the counts");
}

static void found_rows(void)
{
  MYSQL *other = open_as(setting("USER"), setting("PASSWORD"), setting("SCHEMA"), CLIENT_FOUND_ROWS, NULL);
  rows(other, "UPDATE t_unique SET v = v");
  mysql_close(other);
  check(!strcmp(detail, "{2 affected}"), "the count");
}

static void ids(const char *expected)
{
  detail[0] = 0;
  rows(main_db, "SELECT id FROM t_tx ORDER BY id");
  check(!strcmp(detail, expected), expected);
}

static void commit(void)
{
  run(main_db, "BEGIN");
  run(main_db, "INSERT INTO t_tx VALUES (1, 'one')");
  ids("[1]");
  mysql_commit(main_db);
  ids("[1]");
}

static void rollback(void)
{
  mysql_autocommit(main_db, 0);
  run(main_db, "INSERT INTO t_tx VALUES (2, 'two')");
  ids("[1][2]");
  mysql_rollback(main_db);
  mysql_autocommit(main_db, 1);
  ids("[1]");
}

static void savepoint(void)
{
  static const char *all[] = {"BEGIN", "INSERT INTO t_tx VALUES (3, 'three')", "SAVEPOINT a", "INSERT INTO t_tx VALUES (4, 'four')", "ROLLBACK TO a", "COMMIT"};
  for (int i = 0; i < 6; i++)
    run(main_db, all[i]);
  ids("[1][3]");
}

static void results_of(const char *sql)
{
  run(main_db, sql);
  do {
    store_rows(main_db);
    add(" ");
  } while (mysql_next_result(main_db) == 0);
}

static void multi(void) { results_of("SELECT 1; UPDATE t_unique SET v = v + 1 WHERE id = 1; SELECT 'a', NULL"); }

static void call(void) { results_of("CALL p_two(5)"); }

static void out_parameters(void)
{
  /* A prepared CALL returns its OUT parameters as a result of their own. */
  MYSQL_STMT *statement = mysql_stmt_init(main_db);
  const char *sql = "CALL p_out(?, ?, ?)";
  int a = 21, b = 0;
  char c[64] = "in";
  unsigned long c_length = 2;
  MYSQL_BIND p[3] = {{.buffer_type = MYSQL_TYPE_LONG, .buffer = &a}, {.buffer_type = MYSQL_TYPE_LONG, .buffer = &b},
                     {.buffer_type = MYSQL_TYPE_STRING, .buffer = c, .buffer_length = 2, .length = &c_length}};
  if (mysql_stmt_prepare(statement, sql, strlen(sql)) || mysql_stmt_bind_param(statement, p) || mysql_stmt_execute(statement))
    fail("%s", mysql_stmt_error(statement));
  check(mysql_stmt_field_count(statement) == 2, "a result of OUT parameters");
  add("flag at the columns: %d ", (main_db->server_status & SERVER_PS_OUT_PARAMS) != 0);
  MYSQL_BIND r[2] = {{.buffer_type = MYSQL_TYPE_LONG, .buffer = &b}, {.buffer_type = MYSQL_TYPE_STRING, .buffer = c, .buffer_length = sizeof c, .length = &c_length}};
  mysql_stmt_bind_result(statement, r);
  mysql_stmt_fetch(statement);
  add("%d %.*s", b, (int)c_length, c);
  while (mysql_stmt_next_result(statement) == 0)
    ;
  mysql_stmt_close(statement);
}

static void warnings(void)
{
  run(main_db, "INSERT IGNORE INTO t_unique VALUES (1, 1)");
  add("%u ", mysql_warning_count(main_db));
  rows(main_db, "SHOW WARNINGS");
}

static void user_variables(void)
{
  run(main_db, "SET @a = 7, @b = 'text'");
  run(main_db, "INSERT INTO t_auto (v) VALUES ('between')");
  rows(main_db, "SELECT @a, @b, @c");
}

static void temporary_table(void)
{
  run(main_db, "CREATE TEMPORARY TABLE tmp (id INT)");
  run(main_db, "INSERT INTO tmp VALUES (1), (2)");
  check(number(main_db, "SELECT SUM(id) FROM tmp") == 3, "the sum");
  run(main_db, "DROP TEMPORARY TABLE tmp");
}

static void session_settings(void)
{
  run(main_db, "SET time_zone = '+05:30', sql_mode = 'ANSI_QUOTES,NO_BACKSLASH_ESCAPES'");
  run(main_db, "UPDATE t_unique SET v = v + 1");
  rows(main_db, "SELECT @@time_zone, @@sql_mode, '\\', \"v\" FROM t_unique WHERE \"id\" = 1");
  run(main_db, "SET time_zone = DEFAULT, sql_mode = DEFAULT");
}

static void *sleeper(void *db)
{
  mysql_query(db, "SELECT SLEEP(30)");
  mysql_free_result(mysql_store_result(db));
  return NULL;
}

static void cancel(void)
{
  MYSQL *victim = open_plain();
  pthread_t thread;
  char kill[64];
  int ended = 0;
  snprintf(kill, sizeof kill, "KILL QUERY %lu", mysql_thread_id(victim));
  pthread_create(&thread, NULL, sleeper, victim);
  for (int i = 0; i < 100 && !ended; i++) {
    run(main_db, kill);
    struct timespec limit;
    clock_gettime(CLOCK_REALTIME, &limit);
    limit.tv_nsec += 100000000;
    if (limit.tv_nsec >= 1000000000)
      limit.tv_sec++, limit.tv_nsec -= 1000000000;
    ended = pthread_timedjoin_np(thread, NULL, &limit) == 0;
  }
  check(ended, "cancelled");
  rows(victim, "SELECT 5");
  mysql_close(victim);
}

static void reset(void)
{
  MYSQL *other = open_plain();
  run(other, "SET @a = 5, sql_mode = ''");
  run(other, "CREATE TEMPORARY TABLE tmp_pool (id INT)");
  run(other, "BEGIN");
  if (mysql_reset_connection(other))
    fail("%s", mysql_error(other));
  rows(other, "SELECT @a, @@sql_mode = @@global.sql_mode, DATABASE()");
  refused(other, mysql_query(other, "SELECT * FROM tmp_pool"), 1146, 1146);
  mysql_close(other);
}

static void change_user(void)
{
  char user[128], password[128];
  MYSQL *other = open_plain();
  account(NULL, user, password);
  run(other, "SET @a = 1");
  if (mysql_change_user(other, user, password, setting("SCHEMA")))
    fail("%u %s", mysql_errno(other), mysql_error(other));
  rows(other, "SELECT CURRENT_USER(), @a, DATABASE()");
  if (mysql_change_user(other, setting("USER"), setting("PASSWORD"), "information_schema"))
    fail("%u %s", mysql_errno(other), mysql_error(other));
  rows(other, "SELECT CURRENT_USER(), DATABASE()");
  refused(other, mysql_change_user(other, user, "wrong", NULL), 1045, 1045);
  mysql_close(other);
}

static void duplicate(void) { refused(main_db, mysql_query(main_db, "INSERT INTO t_unique VALUES (1, 1)"), 1062, 1062); }

static void syntax(void) { refused(main_db, mysql_query(main_db, "SELEC 1"), 1064, 1064); }

static void no_table(void) { refused(main_db, mysql_query(main_db, "SELECT * FROM no_such_table"), 1146, 1146); }

static void lock(void)
{
  MYSQL *other = open_plain();
  run(main_db, "BEGIN");
  run(main_db, "SELECT * FROM t_unique WHERE id = 1 FOR UPDATE");
  mysql_free_result(mysql_store_result(main_db));
  int failed = mysql_query(other, "SELECT * FROM t_unique WHERE id = 1 FOR UPDATE NOWAIT");
  run(main_db, "ROLLBACK");
  refused(other, failed, 3572, 1205);
  mysql_close(other);
}

static void streaming(void)
{
  for (int half = 0; half < 2; half++) {
    run(main_db, "SELECT n, v FROM t_numbers ORDER BY n");
    MYSQL_RES *result = mysql_use_result(main_db);
    int count = 0;
    while ((half == 0 || count < 10) && mysql_fetch_row(result))
      count++;
    mysql_free_result(result);
    add("%d ", count);
  }
  rows(main_db, "SELECT COUNT(*) FROM t_numbers");
}

static void load_data_local(void)
{
  char sql[4096];
  snprintf(sql, sizeof sql, "LOAD DATA LOCAL INFILE '%s' INTO TABLE t_load CHARACTER SET utf8mb4", setting("FILE"));
  rows(main_db, sql);
  add("%s", mysql_info(main_db));
  rows(main_db, "SELECT COUNT(*), MAX(id), MAX(v) FROM t_load");
}

static void compression(void)
{
  MYSQL *other = open_as(setting("USER"), setting("PASSWORD"), setting("SCHEMA"), CLIENT_COMPRESS, NULL);
  rows(other, "SELECT SHA2(REPEAT('x', 100000), 256), LENGTH(REPEAT('y', 100000)), REPEAT('z', 300)");
  add(" offered: %d", (other->server_capabilities & CLIENT_COMPRESS) != 0);
  mysql_close(other);
}

static void attributes(void)
{
  if (!strcmp(setting("FLAVOR"), "mariadb"))
    skip("the server has its performance schema off");
  rows(main_db, "SELECT ATTR_NAME, ATTR_VALUE FROM performance_schema.session_account_connect_attrs "
                "WHERE PROCESSLIST_ID = CONNECTION_ID() AND ATTR_NAME IN ('_client_name', 'program_name') ORDER BY 1");
}

void sessions(void)
{
  capability("insert_id", insert_id);
  capability("affected_rows", affected_rows);
  capability("found_rows", found_rows);
  capability("transaction.commit", commit);
  capability("transaction.rollback", rollback);
  capability("transaction.savepoint", savepoint);
  capability("results.multi", multi);
  capability("results.call", call);
  capability("results.out", out_parameters);
  capability("warnings", warnings);
  capability("user_variables", user_variables);
  capability("temporary_table", temporary_table);
  capability("session_settings", session_settings);
  capability("cancel", cancel);
  capability("pool.reset", reset);
  capability("change_user", change_user);
  capability("error.duplicate", duplicate);
  capability("error.syntax", syntax);
  capability("error.no_table", no_table);
  capability("error.lock", lock);
  capability("streaming", streaming);
  capability("load_data_local", load_data_local);
  capability("compression", compression);
  capability("attributes", attributes);
}
