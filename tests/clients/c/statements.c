/* Types by both protocols, cursors, large values. */
#include "contract.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void ping(void)
{
  if (mysql_ping(main_db))
    fail("%s", mysql_error(main_db));
}

static void use_database(void)
{
  mysql_select_db(main_db, "information_schema");
  rows(main_db, "SELECT DATABASE()");
  mysql_select_db(main_db, setting("SCHEMA"));
  rows(main_db, "SELECT DATABASE()");
}

static void text_types(void) { rows(main_db, "SELECT " TYPES " FROM t_types WHERE id < 10 ORDER BY id"); }

static MYSQL_STMT *prepare(const char *sql)
{
  MYSQL_STMT *statement = mysql_stmt_init(main_db);
  if (mysql_stmt_prepare(statement, sql, strlen(sql)))
    fail("%u %s", mysql_stmt_errno(statement), mysql_stmt_error(statement));
  return statement;
}

static void execute(MYSQL_STMT *statement, MYSQL_BIND *parameters)
{
  if ((parameters && mysql_stmt_bind_param(statement, parameters)) || mysql_stmt_execute(statement))
    fail("%u %s", mysql_stmt_errno(statement), mysql_stmt_error(statement));
}

/* All rows as text, with whether each column is NULL. */
static int fetch_all(MYSQL_STMT *statement, unsigned columns)
{
  static char values[COLUMNS + 1][256];
  static unsigned long lengths[COLUMNS + 1];
  static my_bool nulls[COLUMNS + 1];
  MYSQL_BIND results[COLUMNS + 1];
  int count = 0;
  memset(results, 0, sizeof results);
  for (unsigned i = 0; i < columns; i++) {
    results[i].buffer_type = MYSQL_TYPE_STRING;
    results[i].buffer = values[i];
    results[i].buffer_length = sizeof values[i];
    results[i].length = &lengths[i];
    results[i].is_null = &nulls[i];
  }
  if (mysql_stmt_bind_result(statement, results))
    fail("%s", mysql_stmt_error(statement));
  for (int status; (status = mysql_stmt_fetch(statement)) != MYSQL_NO_DATA; count++) {
    if (status == 1)
      fail("%u %s", mysql_stmt_errno(statement), mysql_stmt_error(statement));
    add("[");
    for (unsigned i = 0; i < columns; i++) {
      add(i ? ", " : "");
      if (nulls[i])
        add("NULL");
      else
        for (unsigned long k = 0; k < lengths[i] && k < sizeof values[i]; k++)
          add((unsigned char)values[i][k] < 32 ? "\\x%02x" : "%c", (unsigned char)values[i][k]);
    }
    add("]");
  }
  return count;
}

static void prepared_types(void)
{
  signed char ti = -128;
  unsigned char tu = 255;
  short si = -32768;
  int mi = 8388607, i = -2147483647 - 1;
  long long bi = -9223372036854775807LL - 1;
  unsigned long long bu = 18446744073709551615ULL;
  float f = 1.5f;
  double d = -2.5e-10;
  MYSQL_TIME da = {.year = 2024, .month = 2, .day = 29, .time_type = MYSQL_TIMESTAMP_DATE};
  MYSQL_TIME dt = {1999, 12, 31, 23, 59, 59, 999999, 0, MYSQL_TIMESTAMP_DATETIME};
  MYSQL_TIME tm = {.hour = 123, .minute = 45, .second = 6, .second_part = 500000, .neg = 1, .time_type = MYSQL_TIMESTAMP_TIME};
  short y = 2155;
  MYSQL_BIND p[COLUMNS] = {
    {.buffer_type = MYSQL_TYPE_TINY, .buffer = &ti}, {.buffer_type = MYSQL_TYPE_TINY, .buffer = &tu, .is_unsigned = 1},
    {.buffer_type = MYSQL_TYPE_SHORT, .buffer = &si}, {.buffer_type = MYSQL_TYPE_LONG, .buffer = &mi}, {.buffer_type = MYSQL_TYPE_LONG, .buffer = &i},
    {.buffer_type = MYSQL_TYPE_LONGLONG, .buffer = &bi}, {.buffer_type = MYSQL_TYPE_LONGLONG, .buffer = &bu, .is_unsigned = 1},
    {.buffer_type = MYSQL_TYPE_FLOAT, .buffer = &f}, {.buffer_type = MYSQL_TYPE_DOUBLE, .buffer = &d},
    {.buffer_type = MYSQL_TYPE_NEWDECIMAL, .buffer = "-12345678901234567890.0123456789"},
    {.buffer_type = MYSQL_TYPE_DATE, .buffer = &da}, {.buffer_type = MYSQL_TYPE_DATETIME, .buffer = &dt}, {.buffer_type = MYSQL_TYPE_TIME, .buffer = &tm},
    {.buffer_type = MYSQL_TYPE_SHORT, .buffer = &y}, {.buffer_type = MYSQL_TYPE_BLOB, .buffer = "\x02\xAA"}, {.buffer_type = MYSQL_TYPE_STRING, .buffer = "abc"},
    {.buffer_type = MYSQL_TYPE_STRING, .buffer = "Grüße 🐬"}, {.buffer_type = MYSQL_TYPE_BLOB, .buffer = "\xFE\xFF'\\"},
    {.buffer_type = MYSQL_TYPE_BLOB, .buffer = "\x01\xFE\xFF"}, {.buffer_type = MYSQL_TYPE_STRING, .buffer = "漢字"},
    {.buffer_type = MYSQL_TYPE_STRING, .buffer = "{\"a\": [1, null]}"}, {.buffer_type = MYSQL_TYPE_STRING, .buffer = "large"},
    {.buffer_type = MYSQL_TYPE_STRING, .buffer = "x,z"}};
  for (int k = 0; k < COLUMNS; k++)
    if (k == 9 || k >= 14)
      p[k].buffer_length = strlen(p[k].buffer);
  MYSQL_STMT *insert = prepare("INSERT INTO t_types (id, " TYPES ") VALUES (20, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
  execute(insert, p);
  mysql_stmt_close(insert);
  int id = 20;
  MYSQL_BIND key = {.buffer_type = MYSQL_TYPE_LONG, .buffer = &id};
  MYSQL_STMT *select = prepare("SELECT " TYPES " FROM t_types WHERE id IN (1, 2, ?) ORDER BY id");
  execute(select, &key);
  check(fetch_all(select, COLUMNS) == 3, "three rows");
  mysql_stmt_close(select);
}

static void prepared_nulls(void)
{
  MYSQL_BIND p[COLUMNS];
  memset(p, 0, sizeof p);
  for (int k = 0; k < COLUMNS; k++)
    p[k].buffer_type = MYSQL_TYPE_NULL;
  MYSQL_STMT *insert = prepare("INSERT INTO t_types (id, " TYPES ") VALUES (21, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
  execute(insert, p);
  mysql_stmt_close(insert);
  MYSQL_STMT *select = prepare("SELECT " TYPES ", ? AS p FROM t_types WHERE id = 21");
  execute(select, p);
  fetch_all(select, COLUMNS + 1);
  mysql_stmt_close(select);
}

static void prepared_reexecute(void)
{
  MYSQL_STMT *statement = prepare("SELECT v + ? AS v, CONCAT(?, id) AS c FROM t_unique WHERE id > 0 ORDER BY id");
  for (int k = 1; k <= 10; k++) {
    MYSQL_BIND p[2] = {{.buffer_type = k == 3 ? MYSQL_TYPE_NULL : MYSQL_TYPE_LONG, .buffer = &k}, {.buffer_type = MYSQL_TYPE_STRING, .buffer = "text", .buffer_length = 4}};
    execute(statement, p);
    fetch_all(statement, 2);
    mysql_stmt_free_result(statement);
  }
  mysql_stmt_reset(statement);
  mysql_stmt_close(statement);
}

static void charsets(void)
{
  run(main_db, "REPLACE INTO t_text VALUES (1, 'Grüße', '漢字', '表ソ', 'Ω🐬', 'naïve 🐬漢字')");
  rows(main_db, "SELECT l, g, s, w, u FROM t_text WHERE id = 1");
  check(!strcmp(detail, "[Grüße, 漢字, 表ソ, Ω🐬, naïve 🐬漢字]"), "the texts");
  rows(main_db, "SELECT HEX(l), HEX(g), HEX(s), HEX(w), HEX(u) FROM t_text WHERE id = 1");
  mysql_set_character_set(main_db, "latin1");
  check(number(main_db, "SELECT COUNT(*) FROM t_text WHERE l = 'Gr\xFC\xDF" "e'") == 1, "latin1");
  mysql_set_character_set(main_db, "sjis");
  check(number(main_db, "SELECT COUNT(*) FROM t_text WHERE s = '\x95\x5C\x83\x5C'") == 1, "sjis");
  mysql_set_character_set(main_db, "utf8mb4");
}

static void metadata(void)
{
  run(main_db, "SELECT id, " TYPES ", COUNT(*) OVER () AS counted, 1 + 1 FROM t_types WHERE id = 1");
  MYSQL_RES *result = mysql_store_result(main_db);
  for (unsigned i = 0; i < mysql_num_fields(result); i++) {
    MYSQL_FIELD *f = mysql_fetch_field_direct(result, i);
    add("%s/%s/%s/%s %d %lu %u %u %u; ", f->name, f->org_name, f->table, f->org_table, f->type, f->length, f->flags, f->decimals, f->charsetnr);
  }
  mysql_free_result(result);
}

static void cursor(void)
{
  MYSQL_STMT *statement = mysql_stmt_init(main_db);
  unsigned long type = CURSOR_TYPE_READ_ONLY, portion = 50;
  mysql_stmt_attr_set(statement, STMT_ATTR_CURSOR_TYPE, &type);
  mysql_stmt_attr_set(statement, STMT_ATTR_PREFETCH_ROWS, &portion);
  const char *sql = "SELECT n FROM t_numbers WHERE n < 300 ORDER BY n";
  if (mysql_stmt_prepare(statement, sql, strlen(sql)))
    fail("%s", mysql_stmt_error(statement));
  execute(statement, NULL);
  int n = 0, count = 0;
  MYSQL_BIND result = {.buffer_type = MYSQL_TYPE_LONG, .buffer = &n};
  mysql_stmt_bind_result(statement, &result);
  while (mysql_stmt_fetch(statement) == 0) {
    check(n == count++, "the order");
    if (n == 120) {
      MYSQL *other = open_plain();
      add("%ld ", number(other, "SELECT COUNT(*) FROM t_numbers"));
      mysql_close(other);
    }
  }
  mysql_stmt_close(statement);
  check(count == 300, "all rows");
  rows(main_db, "SELECT COUNT(*) FROM t_numbers");
}

static void large_in(void)
{
  char *value = malloc(SIZE);
  for (unsigned i = 0; i < SIZE; i++)
    value[i] = "0123456789abcdef"[i & 15];
  MYSQL_STMT *statement = prepare("INSERT INTO t_large VALUES (1, ?)");
  MYSQL_BIND p = {.buffer_type = MYSQL_TYPE_BLOB};
  mysql_stmt_bind_param(statement, &p);
  for (unsigned sent = 0; sent < SIZE; sent += 1 << 20)
    mysql_stmt_send_long_data(statement, 0, value + sent, 1 << 20);
  free(value);
  execute(statement, NULL);
  mysql_stmt_close(statement);
  rows(main_db, "SELECT LENGTH(v), SHA2(v, 256) FROM t_large WHERE id = 1");
  check(strstr(detail, "17825792") != NULL, "the length");
}

static void large_out(void)
{
  run(main_db, "SELECT REPEAT('0123456789abcdef', 1114112)");
  MYSQL_RES *result = mysql_store_result(main_db);
  MYSQL_ROW row = mysql_fetch_row(result);
  unsigned long length = mysql_fetch_lengths(result)[0];
  unsigned wrong = 0;
  for (unsigned long i = 0; i < length; i++)
    wrong += row[0][i] != "0123456789abcdef"[i & 15];
  mysql_free_result(result);
  add("%lu", length);
  check(length == SIZE && wrong == 0, "the value");
}

void statements(void)
{
  capability("ping", ping);
  capability("use_database", use_database);
  capability("text.types", text_types);
  capability("prepared.types", prepared_types);
  capability("prepared.nulls", prepared_nulls);
  capability("prepared.reexecute", prepared_reexecute);
  capability("charsets", charsets);
  capability("metadata", metadata);
  capability("cursor", cursor);
  capability("large.in", large_in);
  capability("large.out", large_out);
}
