#include "ledger/store/store_sqlite.h"

#include "ledger/base/alloc.h"
#include "ledger/base/text.h"

#include <stdlib.h>
#include <string.h>

static bool refuse_corrupt(const struct store *store, const char *fact, struct error *err)
{
    error_set(err, FAULT_INTEGRITY, "store.corrupt", _("the book “%s” is damaged: %s"), store->path,
              fact);
    return error_next(err, _("keep the file as it is and restore the last backup"));
}

/* The question is sound, so what cannot be compiled is the file's own schema. */
static void fail(struct store *store, int code, struct error *err)
{
    if (code == SQLITE_ERROR) {
        refuse_corrupt(store, sqlite3_errmsg(store->db), err);
    } else {
        store_fail(store, code, err);
    }
}

/* SQLite answers one row "ok", or a row for each damage. */
static bool check_answers_ok(struct store *store, const char *sql, struct error *err)
{
    sqlite3_stmt *query = NULL;
    store->trusted = true;
    int code = sqlite3_prepare_v2(store->db, sql, -1, &query, NULL);
    if (code == SQLITE_OK) {
        code = sqlite3_step(query);
    }
    store->trusted = false;
    bool ok = false;
    if (code == SQLITE_ROW) {
        const char *answer = (const char *)sqlite3_column_text(query, 0);
        ok = answer != NULL && strcmp(answer, "ok") == 0;
        if (!ok) {
            refuse_corrupt(store, answer == NULL ? "" : answer, err);
        }
    } else {
        fail(store, code, err);
    }
    sqlite3_finalize(query);
    return ok;
}

/* One row for each row whose parent is missing. */
static bool check_references(struct store *store, struct error *err)
{
    sqlite3_stmt *query = NULL;
    store->trusted = true;
    int code = sqlite3_prepare_v2(store->db, "PRAGMA foreign_key_check", -1, &query, NULL);
    if (code == SQLITE_OK) {
        code = sqlite3_step(query);
    }
    store->trusted = false;
    bool ok = code == SQLITE_DONE;
    if (code == SQLITE_ROW) {
        const char *table = (const char *)sqlite3_column_text(query, 0);
        error_set(err, FAULT_INTEGRITY, "store.corrupt",
                  _("the book “%s” is damaged: a row of table %s refers to one that is not there"),
                  store->path, table == NULL ? "" : table);
    } else if (!ok) {
        fail(store, code, err);
    }
    sqlite3_finalize(query);
    return ok;
}

static bool verify_file(struct store *store, bool thorough, struct error *err)
{
    if (!thorough) {
        return check_answers_ok(store, "PRAGMA quick_check(1)", err);
    }
    return check_answers_ok(store, "PRAGMA integrity_check(1)", err) &&
           check_references(store, err);
}

/* SQLite forgets the CHECKs of every table when it opens a file for reading only, and so would not
 * try them. This second handle could write, but is told not to. NULL: not needed, or not to be had.
 */
static sqlite3 *open_with_checks(const struct store *store)
{
    sqlite3 *db = NULL;
    int on = 0;
    if (sqlite3_db_readonly(store->db, "main") == 0 || store_file_is_frozen(store->path)) {
        return NULL;
    }
    bool ok =
        sqlite3_open_v2(store->path, &db,
                        SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_PRIVATECACHE |
                            SQLITE_OPEN_NOFOLLOW | SQLITE_OPEN_EXRESCODE,
                        NULL) == SQLITE_OK &&
        sqlite3_db_readonly(db, "main") == 0 &&
        sqlite3_db_config(db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, &on) == SQLITE_OK &&
        sqlite3_exec(db,
                     "PRAGMA query_only = ON; PRAGMA cell_size_check = ON; "
                     "PRAGMA trusted_schema = OFF",
                     NULL, NULL, NULL) == SQLITE_OK;
    if (!ok) {
        sqlite3_close(db);
        return NULL;
    }
    return db;
}

bool store_verify_file(struct store *store, bool thorough, struct error *err)
{
    struct store second = *store;
    second.db = open_with_checks(store);
    if (second.db == NULL) {
        return verify_file(store, thorough, err);
    }
    store_wait_when_busy(&second);
    bool ok = verify_file(&second, thorough, err);
    sqlite3_close(second.db);
    return ok;
}

/* One row of sqlite_schema; NULL text is an index SQLite made by itself. */
struct schema_object {
    const char *type, *name, *table, *text;
};

static const char schema_query[] =
    "SELECT type, name, tbl_name, coalesce(sql, '') FROM sqlite_schema ORDER BY name, type";

static bool object_next(sqlite3_stmt *query, struct schema_object *ret, int *code)
{
    *code = sqlite3_step(query);
    if (*code != SQLITE_ROW) {
        return false;
    }
    const char **const field[] = {&ret->type, &ret->name, &ret->table, &ret->text};
    for (int i = 0; i < (int)COUNT_OF(field); i++) {
        /* A blob of the same bytes is another word to whoever asks for the tables by type. */
        bool is_text = sqlite3_column_type(query, i) == SQLITE_TEXT;
        const char *text = (const char *)sqlite3_column_text(query, i);
        bool whole =
            is_text && text != NULL && strlen(text) == (size_t)sqlite3_column_bytes(query, i);
        *field[i] = whole ? text : "";
    }
    return true;
}

static int object_order(const struct schema_object *a, const struct schema_object *b)
{
    int by_name = strcmp(a->name, b->name);
    return by_name != 0 ? by_name : strcmp(a->type, b->type);
}

static bool object_equal(const struct schema_object *a, const struct schema_object *b)
{
    return strcmp(a->table, b->table) == 0 && strcmp(a->text, b->text) == 0;
}

/* What walks over both lists, ordered alike, tells. */
struct schema_walk {
    schema_visitor visit;
    void *context;
};

static bool tell_object(const struct schema_walk *walk, const struct schema_object *object,
                        enum schema_change change, struct error *err)
{
    const struct schema_difference difference = {object->type, object->name, change};
    return walk->visit(walk->context, &difference, err);
}

/* Negative: only the one found stands here; positive: only the one wanted. */
static bool compare_pair(const struct schema_walk *walk, int order,
                         const struct schema_object *found, const struct schema_object *want,
                         struct error *err)
{
    if (order < 0) {
        return tell_object(walk, found, SCHEMA_ADDED, err);
    }
    if (order > 0) {
        return tell_object(walk, want, SCHEMA_MISSING, err);
    }
    return object_equal(found, want) || tell_object(walk, found, SCHEMA_CHANGED, err);
}

static bool compare_objects(struct store *store, sqlite3_stmt *live, sqlite3_stmt *wanted,
                            const struct schema_walk *walk, struct error *err)
{
    int code = SQLITE_OK;
    int wanted_code = SQLITE_OK;
    struct schema_object found = {0};
    struct schema_object want = {0};
    bool has_found = object_next(live, &found, &code);
    bool has_want = object_next(wanted, &want, &wanted_code);
    bool ok = true;
    while (ok && (has_found || has_want)) {
        int order = !has_found ? 1 : !has_want ? -1 : object_order(&found, &want);
        ok = compare_pair(walk, order, &found, &want, err);
        has_found = order <= 0 ? object_next(live, &found, &code) : has_found;
        has_want = order >= 0 ? object_next(wanted, &want, &wanted_code) : has_want;
    }
    return ok && (code == SQLITE_DONE || store_fail(store, code, err));
}

static bool refuse_object(void *context, const struct schema_difference *difference,
                          struct error *err)
{
    const char *fact = difference->change == SCHEMA_ADDED     ? _("was added")
                       : difference->change == SCHEMA_MISSING ? _("is missing")
                                                              : _("was changed");
    error_set(err, FAULT_INTEGRITY, "store.schema-changed", _("in the book “%s” the %s “%s” %s"),
              store_path(context), difference->type, difference->name, fact);
    return error_next(err, _("someone has changed the book past this program; "
                             "restore the last backup"));
}

bool store_verify_schema(struct store *store, struct error *err)
{
    return store_compare_schema(store, refuse_object, store, err);
}

bool store_compare_schema(struct store *store, schema_visitor visit, void *context,
                          struct error *err)
{
    const struct schema_walk walk = {visit, context};
    sqlite3 *model = NULL;
    sqlite3_stmt *wanted = NULL;
    sqlite3_stmt *live = NULL;
    bool built = sqlite3_open_v2(":memory:", &model, SQLITE_OPEN_READWRITE | SQLITE_OPEN_MEMORY,
                                 NULL) == SQLITE_OK &&
                 schema_build(model, store->schema, store->schema_version) &&
                 sqlite3_prepare_v2(model, schema_query, -1, &wanted, NULL) == SQLITE_OK;
    bool ok = false;
    if (!built) {
        error_set(err, FAULT_INTERNAL, "store.sql", _("the built-in schema does not build: %s"),
                  sqlite3_errmsg(model));
    } else {
        int code = sqlite3_prepare_v2(store->db, schema_query, -1, &live, NULL);
        ok = code == SQLITE_OK ? compare_objects(store, live, wanted, &walk, err)
                               : store_fail(store, code, err);
    }
    sqlite3_finalize(live);
    sqlite3_finalize(wanted);
    sqlite3_close(model);
    return ok;
}
