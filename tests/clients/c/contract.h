/* What every client program is told, and how it reports (see ../README.md); and what this program's parts share. */
#include <mysql.h>
#include <stddef.h>

#define TYPES "ti, tu, si, mi, i, bi, bu, f, d, n, da, dt, tm, y, b, c, v, vb, bl, tx, j, e, s"
#define COLUMNS 23
#define SIZE (17u << 20)

/* The detail of the capability that runs. */
extern char detail[1 << 16];
void add(const char *format, ...) __attribute__((format(printf, 1, 2)));

const char *setting(const char *name);
int account(const char *plugin, char *user, char *password);

/* Runs one capability and prints its line. The body leaves it by fail or skip, or ends well. */
void capability(const char *name, void (*body)(void));
void fail(const char *format, ...) __attribute__((format(printf, 1, 2), noreturn));
void skip(const char *reason) __attribute__((noreturn));
void check(int condition, const char *what);

/* Connections: as the application account unless told otherwise; a failed one leaves the error in *failed. */
MYSQL *open_as(const char *user, const char *password, const char *schema, unsigned long flags, MYSQL **failed);
MYSQL *open_plain(void);
void run(MYSQL *db, const char *sql);
void rows(MYSQL *db, const char *sql);
void store_rows(MYSQL *db);
long number(MYSQL *db, const char *sql);
void refused(MYSQL *db, int failed, unsigned first, unsigned second);

extern MYSQL *main_db;
void statements(void);
void sessions(void);
