/* libmariadb: the C library under mysqlclient, DBD::mysql, the mysql2 gem and many others, used directly. */
#include "contract.h"
#include <stdio.h>
#include <string.h>

MYSQL *main_db;
static const char *plugin;

static void login(const char *user, const char *password)
{
  MYSQL *db = open_as(user, password, setting("SCHEMA"), 0, NULL);
  rows(db, "SELECT CURRENT_USER()");
  mysql_close(db);
}

static void login_default(void) { login(setting("USER"), setting("PASSWORD")); }

static void login_plugin(void)
{
  char user[128], password[128];
  if (!account(plugin, user, password))
    skip("the server has no such accounts");
  login(user, password);
  login(user, password);
}

static void login_wrong(void)
{
  MYSQL *failed = NULL;
  MYSQL *db = open_as(setting("USER"), "wrong", setting("SCHEMA"), 0, &failed);
  refused(failed, db == NULL, 1045, 1045);
  mysql_close(failed);
}

static void login_unknown(void)
{
  MYSQL *failed = NULL;
  MYSQL *db = open_as(setting("USER"), setting("PASSWORD"), "test_no_such", 0, &failed);
  refused(failed, db == NULL, 1049, 1049);
  mysql_close(failed);
}

int main(void)
{
  static const char *plugins[] = {"caching_sha2_password", "mysql_native_password", "sha256_password", "ed25519"};
  printf("client libmariadb %s\n", mysql_get_client_info());
  capability("login.default", login_default);
  for (int i = 0; i < 4; i++) {
    char name[64];
    plugin = plugins[i];
    snprintf(name, sizeof name, "login.%s", plugin);
    capability(name, login_plugin);
  }
  capability("login.wrong_password", login_wrong);
  capability("login.unknown_database", login_unknown);
  main_db = open_as(setting("USER"), setting("PASSWORD"), setting("SCHEMA"), CLIENT_MULTI_STATEMENTS, NULL);
  statements();
  sessions();
  mysql_close(main_db);
  return 0;
}
