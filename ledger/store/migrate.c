#include "ledger/store/store_sqlite.h"

#include "ledger/base/clock.h"
#include "ledger/base/text.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define PROGRAM "yicang " YICANG_VERSION

/* Each file of schema/ brings the book from one version to the next. Which ones were run, by which
 * program, stands in the book; a released one must never be edited, and its digest tells. */

static const char history_schema[] =
    "CREATE TABLE schema_history (\n"
    "    version INTEGER PRIMARY KEY CHECK (version > 0),\n"
    "    name    TEXT NOT NULL,\n"
    "    sha256  BLOB NOT NULL CHECK (length(sha256) = 32),\n"
    "    program TEXT NOT NULL,\n"
    "    at      TEXT NOT NULL\n"
    ") STRICT;\n"
    "CREATE TRIGGER schema_history_follows BEFORE INSERT ON schema_history\n"
    "WHEN NEW.version <> (SELECT coalesce(max(version), 0) + 1 FROM schema_history)\n"
    "BEGIN\n"
    "    SELECT RAISE(ABORT, 'schema_history: versions follow each other');\n"
    "END;\n"
    "CREATE TRIGGER schema_history_never_changed BEFORE UPDATE ON schema_history\n"
    "BEGIN\n"
    "    SELECT RAISE(ABORT, 'schema_history: rows are never changed');\n"
    "END;\n"
    "CREATE TRIGGER schema_history_never_deleted BEFORE DELETE ON schema_history\n"
    "BEGIN\n"
    "    SELECT RAISE(ABORT, 'schema_history: rows are never deleted');\n"
    "END;\n";

static int schema_newest(const struct embedded_file *schema)
{
    int count = 0;
    while (schema[count].name != NULL) {
        count++;
    }
    return count;
}

static struct sha256 file_digest(const struct embedded_file *file)
{
    return sha256_of(file->bytes, file->size);
}

bool schema_build(sqlite3 *db, const struct embedded_file *schema, int version)
{
    bool ok = sqlite3_exec(db, history_schema, NULL, NULL, NULL) == SQLITE_OK;
    for (int i = 0; i < version && ok; i++) {
        ok = sqlite3_exec(db, (const char *)schema[i].bytes, NULL, NULL, NULL) == SQLITE_OK;
    }
    return ok;
}

static bool insert_history(struct store *store, int version, struct error *err)
{
    const struct embedded_file *file = &store->schema[version - 1];
    struct sha256 digest = file_digest(file);
    char at[INSTANT_TEXT_SIZE];
    AUTO_STATEMENT struct statement *insert =
        store_query(store, "INSERT INTO schema_history (version, name, sha256, program, at) "
                           "VALUES ($1, $2, $3, $4, $5)");
    bind_int(insert, 1, version);
    bind_text(insert, 2, file->name);
    bind_sha256(insert, 3, &digest);
    bind_text(insert, 4, PROGRAM);
    bind_text(insert, 5, instant_format(clock_now(), at));
    return statement_run(insert, err);
}

static bool set_version(struct store *store, int version, struct error *err)
{
    char sql[64]; /* a pragma takes no parameter; what is put in is a number of ours */
    snprintf(sql, sizeof sql, "PRAGMA user_version = %d", version);
    return store_run_own(store, sql, err);
}

const char *store_program(void)
{
    return PROGRAM;
}

/* From version - 1 to version, all or nothing. Another process may have been quicker. */
static bool migrate_one(struct store *store, int version, struct error *err)
{
    AUTO_TRANSACTION step = {0};
    int64_t current = 0;
    if (!transaction_begin(store, &step, err) ||
        !store_ask_own(store, "PRAGMA user_version", &current, err)) {
        return false;
    }
    if (current >= version) {
        return true;
    }
    return (version > 1 || store_run_own(store, history_schema, err)) &&
           store_run_own(store, (const char *)store->schema[version - 1].bytes, err) &&
           insert_history(store, version, err) && set_version(store, version, err) &&
           transaction_commit(&step, err);
}

static bool refuse_changed(const struct store *store, int version, struct error *err)
{
    error_set(err, FAULT_INTEGRITY, "store.schema-changed",
              _("the book “%s” was made with another text of schema file %d than this program has"),
              store->path, version);
    return error_next(err, _("open it with the program that made it"));
}

/* The history names exactly the versions 1 to `version`, with the digests of the built-in files. */
static bool check_history(struct store *store, int version, struct error *err)
{
    int expected = 1;
    AUTO_STATEMENT struct statement *query =
        store_query(store, "SELECT version, name, sha256 FROM schema_history ORDER BY version");
    while (statement_row(query)) {
        int64_t number = column_int(query, 0);
        if (number != expected || number > version) {
            return refuse_changed(store, expected, err);
        }
        const struct embedded_file *file = &store->schema[number - 1];
        struct sha256 built_in = file_digest(file);
        struct sha256 recorded = column_sha256(query, 2);
        if (!sha256_equal(&built_in, &recorded) || strcmp(column_text(query, 1), file->name) != 0) {
            return refuse_changed(store, expected, err);
        }
        expected++;
    }
    struct error failure = {0};
    if (!statement_end(query, &failure)) {
        if (failure.fault == FAULT_INTERNAL) { /* the table is not there, or not of our form */
            return refuse_changed(store, expected, err);
        }
        *err = failure;
        return false;
    }
    return expected == version + 1 || refuse_changed(store, expected, err);
}

static bool check_version(struct store *store, int version, int newest, struct error *err)
{
    if (version > newest) {
        error_set(err, FAULT_STORE, "store.newer-version",
                  _("the book “%s” was made by a newer program: its version is %d"), store->path,
                  version);
        error_limit(err, _("this program knows versions up to %d"), newest);
        return error_next(err, _("install the newer program"));
    }
    if (version < 1 && !store_mode_is_new(store->mode)) {
        error_set(err, FAULT_STORE, "store.not-a-book",
                  _("the file “%s” is not a book: its creation was never finished"), store->path);
        return error_next(err, _("remove the file and create the book again"));
    }
    if (version < newest && store->mode == STORE_READ_ONLY) {
        error_set(err, FAULT_STORE, "store.older-version",
                  _("the book “%s” is of the older version %d"), store->path, version);
        error_limit(err, _("this program reads version %d"), newest);
        return error_next(err, _("open it once for writing, which brings it up to date"));
    }
    return true;
}

bool store_migrate(struct store *store, struct error *err)
{
    int64_t stored = 0;
    int newest = schema_newest(store->schema);
    assert(newest > 0);
    if (!store_ask_own(store, "PRAGMA user_version", &stored, err)) {
        return false;
    }
    int version = stored < 0 || stored > INT32_MAX ? INT32_MAX : (int)stored;
    if (!check_version(store, version, newest, err) ||
        (version > 0 && !check_history(store, version, err))) {
        return false;
    }
    for (int next = version + 1; next <= newest; next++) {
        if (!migrate_one(store, next, err)) {
            return false;
        }
    }
    store->schema_version = newest;
    return true;
}
