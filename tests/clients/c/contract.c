#include "contract.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

char detail[1 << 16];
static char problem[4096];
static jmp_buf out;

const char *setting(const char *name)
{
  char full[64];
  snprintf(full, sizeof full, "DBTEST_%s", name);
  const char *value = getenv(full);
  return value ? value : "";
}

/* User and password of the account with a plugin; of the first account where none is named. */
int account(const char *plugin, char *user, char *password)
{
  char copy[4096], *save = NULL;
  snprintf(copy, sizeof copy, "%s", setting("ACCOUNTS"));
  for (char *entry = strtok_r(copy, ",", &save); entry; entry = strtok_r(NULL, ",", &save)) {
    char *name_end = strchr(entry, '='), *user_end = strchr(name_end, ':');
    *name_end = *user_end = 0;
    if (plugin && strcmp(entry, plugin))
      continue;
    strcpy(user, name_end + 1);
    strcpy(password, user_end + 1);
    return 1;
  }
  return 0;
}

void add(const char *format, ...)
{
  va_list values;
  size_t used = strlen(detail);
  va_start(values, format);
  vsnprintf(detail + used, sizeof detail - used, format, values);
  va_end(values);
}

void fail(const char *format, ...)
{
  va_list values;
  va_start(values, format);
  vsnprintf(problem, sizeof problem, format, values);
  va_end(values);
  longjmp(out, 1);
}

void skip(const char *reason)
{
  snprintf(problem, sizeof problem, "%s", reason);
  longjmp(out, 2);
}

void check(int condition, const char *what)
{
  if (!condition)
    fail("assertion: %s, seen: %.300s", what, detail);
}

void capability(const char *name, void (*body)(void))
{
  detail[0] = 0;
  int how = setjmp(out);
  if (how == 0)
    body();
  char *text = how == 0 ? detail : problem;
  for (char *c = text; *c; c++)
    if (*c == '\n' || *c == '\t')
      *c = ' ';
  printf("%s %s %s\n", how == 0 ? "ok" : how == 1 ? "fail" : "skip", name, text);
  fflush(stdout);
}

MYSQL *open_as(const char *user, const char *password, const char *schema, unsigned long flags, MYSQL **failed)
{
  MYSQL *db = mysql_init(NULL);
  my_bool tls = !strcmp(setting("TLS"), "1"), verify = 0;
  unsigned int infile = 1;
  mysql_options(db, MYSQL_OPT_SSL_VERIFY_SERVER_CERT, &verify);
  mysql_options(db, MYSQL_OPT_SSL_ENFORCE, &tls);
  mysql_options(db, MYSQL_OPT_LOCAL_INFILE, &infile);
  mysql_options(db, MYSQL_SET_CHARSET_NAME, "utf8mb4");
  if (flags & CLIENT_COMPRESS)
    mysql_options(db, MYSQL_OPT_COMPRESS, NULL);
  mysql_options4(db, MYSQL_OPT_CONNECT_ATTR_ADD, "program_name", "c-test");
  if (mysql_real_connect(db, setting("HOST"), user, password, schema, atoi(setting("PORT")), NULL, flags))
    return db;
  if (!failed)
    fail("%u %s", mysql_errno(db), mysql_error(db));
  *failed = db;
  return NULL;
}

MYSQL *open_plain(void)
{
  return open_as(setting("USER"), setting("PASSWORD"), setting("SCHEMA"), 0, NULL);
}

void run(MYSQL *db, const char *sql)
{
  if (mysql_query(db, sql))
    fail("%u %s (%s)", mysql_errno(db), mysql_error(db), sql);
}

/* The present result into the detail: rows in brackets, or the number of affected rows. */
void store_rows(MYSQL *db)
{
  MYSQL_RES *result = mysql_store_result(db);
  if (!result) {
    if (mysql_errno(db))
      fail("%u %s", mysql_errno(db), mysql_error(db));
    add("{%llu affected}", (unsigned long long)mysql_affected_rows(db));
    return;
  }
  MYSQL_ROW row;
  while ((row = mysql_fetch_row(result))) {
    unsigned long *lengths = mysql_fetch_lengths(result);
    add("[");
    for (unsigned i = 0; i < mysql_num_fields(result); i++) {
      add(i ? ", " : "");
      int binary = 0;
      for (unsigned long k = 0; row[i] && k < lengths[i]; k++)
        binary |= (unsigned char)row[i][k] < 9 || (unsigned char)row[i][k] == 0xFF;
      if (!row[i])
        add("NULL");
      else if (!binary)
        add("%.*s", (int)lengths[i], row[i]);
      else
        for (unsigned long k = 0; k < lengths[i]; k++)
          add("%02x", (unsigned char)row[i][k]);
    }
    add("]");
  }
  mysql_free_result(result);
}

void rows(MYSQL *db, const char *sql)
{
  run(db, sql);
  store_rows(db);
}

long number(MYSQL *db, const char *sql)
{
  run(db, sql);
  MYSQL_RES *result = mysql_store_result(db);
  MYSQL_ROW row = result ? mysql_fetch_row(result) : NULL;
  long value = row && row[0] ? atol(row[0]) : -1;
  mysql_free_result(result);
  return value;
}

/* The last call failed with one of two codes: its error into the detail. */
void refused(MYSQL *db, int failed, unsigned first, unsigned second)
{
  if (!failed)
    fail("no error");
  add("%u %s %s", mysql_errno(db), mysql_sqlstate(db), mysql_error(db));
  check(mysql_errno(db) == first || mysql_errno(db) == second, "the error's code");
}
