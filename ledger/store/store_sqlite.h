/* store_sqlite.h - what the files of the store share: the connection and how its failures are told.
 * Layer: store. Included by ledger/store and by its tests, by nobody else. */
#ifndef YICANG_STORE_STORE_SQLITE_H
#define YICANG_STORE_STORE_SQLITE_H

#include "ledger/base/embedded.h"
#include "ledger/store/store.h"

#include <sqlite3.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/* "YCLG" in the header of the file: the format has been a book of this program since version 1. */
#define STORE_APPLICATION_ID 1497582663
#define STORE_PATH_MAX 480 /* bytes; SQLite's own limit is 512, and "-journal" is added */

/* Sizes of the write-ahead log. Small logs cost bulk work up to 2.4 times; large ones only disk. */
#define STORE_WAL_CHECKPOINT_PAGES 16384 /* 64 MiB: a passive checkpoint after the commit */

#define STORE_BUSY_LIMIT_MS 10000 /* how long a second writer waits before store.locked */

#define STATEMENT_PARAMETERS_MAX 64
#define STATEMENT_BUCKETS 256
#define STATEMENTS_MAX 2048 /* literals in the program, and the same ones nested */

enum transaction_kind { TRANSACTION_NONE, TRANSACTION_READ, TRANSACTION_WRITE };

struct statement {
    struct store *store;
    const char *sql;
    struct statement *next;                      /* in its bucket */
    sqlite3_stmt *handle;                        /* NULL: not prepared yet, or it could not be */
    struct error *failure;                       /* the first one since store_query(); NULL: none */
    uint64_t bound;                              /* bit n-1: $n has a value */
    uint8_t parameters;                          /* $1 to $parameters */
    uint8_t index[STATEMENT_PARAMETERS_MAX + 1]; /* SQLite's number of $n */
    bool in_use;
    bool stepped;
    bool has_row;
    bool single; /* statement_one(): a second row is a failure */
};

struct store {
    sqlite3 *db;
    char *path;
    enum store_mode mode;
    const struct embedded_file *schema; /* the migrations, oldest first */
    int schema_version;
    pid_t owner; /* a connection does not survive a fork */

    uint64_t edition; /* of rows that others remember */
    bool trusted;     /* the store's own SQL is running: settings, migrations, BEGIN and COMMIT */
    bool committing;  /* the commit hook lets through what transaction_commit() does */
    bool sync_failed; /* nothing is written any more: the disk may not hold what it was given */

    enum transaction_kind transaction;
    bool spoiled; /* a statement failed in this write transaction: it cannot be committed */
    const char *began_file;
    int began_line;
    int wal_pages; /* length of the write-ahead log after the last commit */
    int64_t changes;

    sqlite3_stmt *begin_write, *begin_read, *first_read, *commit, *rollback;
    struct statement *bucket[STATEMENT_BUCKETS];
    size_t statements;
};

/* The file is made by the one who opens it. */
static inline bool store_mode_is_new(enum store_mode mode)
{
    return mode == STORE_CREATE || mode == STORE_SCRATCH;
}

/* store_open() with other migrations than the built-in ones: for tests of the migrations. */
MUST_CHECK bool store_open_with(const char *path, enum store_mode mode,
                                const struct embedded_file *schema, struct store **ret,
                                struct error *err);

/* store_path.c: where the file stands. The result is absolute and its folder has no links; free()
 * it. Refuses links, network file systems, and what the mode rules out. */
MUST_CHECK bool store_path_resolve(const char *path, enum store_mode mode, char **ret,
                                   struct error *err);
MUST_CHECK bool store_file_create(const char *path, struct error *err);
MUST_CHECK bool store_folder_sync(const char *path, struct error *err);
void store_files_remove(const char *path); /* the database and what SQLite puts beside it */
bool file_system_is_remote(uint32_t magic);
/* True if no process can write the file or put one beside it, and no write-ahead log is there. */
bool store_file_is_frozen(const char *path);
/* The name as SQLite's URI with immutable=1; free() it. */
char *store_immutable_uri(const char *path);

/* store_connect.c: sqlite3_open and proof that the file is a book. */
MUST_CHECK bool store_connect(struct store *store, struct error *err);
void store_wait_when_busy(struct store *store);

/* store_log_file.c: what a commit, or store_write_ahead(), writes into the write-ahead log goes to
 * the disk in large pieces. The VFS that books are opened with; NULL: SQLite's own. */
const char *log_file_vfs(void);
void log_file_gather(struct store *store);
MUST_CHECK int log_file_write(struct store *store); /* what was gathered; a code of SQLite */
void log_file_drop(struct store *store); /* ends the gathering after a COMMIT that failed */

/* store_settings.c: makes every setting and reads it back. */
MUST_CHECK bool store_set_on_create(struct store *store, struct error *err);
MUST_CHECK bool store_set_on_open(struct store *store, struct error *err);

/* store_failure.c: the failure `code` of SQLite as one of ours; always false. */
bool store_fail(struct store *store, int code, struct error *err);

/* Runs SQL of the store itself, past the authorizer. */
MUST_CHECK bool store_run_own(struct store *store, const char *sql, struct error *err);
/* The first column of the first row as a number. */
MUST_CHECK bool store_ask_own(struct store *store, const char *sql, int64_t *ret,
                              struct error *err);

/* statement.c. The place for a statement's failure, or NULL if it has one: the first one counts.
 * A write transaction in which a statement failed cannot be committed. */
struct error *statement_failure_begin(struct statement *statement);
void statement_failure_end(struct statement *statement); /* adds the text of the statement */
void statements_finalize(struct store *store);

/* transaction.c */
MUST_CHECK bool transactions_prepare(struct store *store, struct error *err);
void transactions_finalize(struct store *store);

/* migrate.c */
MUST_CHECK bool store_migrate(struct store *store, struct error *err);
/* Creates the schema of `version` in an empty database: what a live one is compared with. */
MUST_CHECK bool schema_build(sqlite3 *db, const struct embedded_file *schema, int version);

extern const struct embedded_file store_schema_files[];

#endif
