#include "ledger/store/compare.h"

#include "ledger/base/arena.h"
#include "ledger/base/digest.h"
#include "ledger/base/text.h"
#include "ledger/store/store_sqlite.h"

#include <string.h>

#define COLUMNS_MAX 40
#define TABLES_MAX 200
#define SHOWN_MAX 80 /* characters of a value in a report */

struct layout {
    const char *table;
    const char *column[COLUMNS_MAX];
    int columns;
    int key[COLUMNS_MAX]; /* columns of the primary key, in its order */
    int keys;
};

struct comparison {
    struct store *live, *rebuilt;
    struct arena arena;
    row_visitor visit;
    void *context;
};

static bool is_skipped(const char *table, const char *const *skip)
{
    for (size_t i = 0; skip[i] != NULL; i++) {
        size_t length = strlen(skip[i]);
        if (length > 0 && skip[i][length - 1] == '*'
                ? strncmp(table, skip[i], length - 1) == 0
                : text_equal(table, skip[i])) {
            return true;
        }
    }
    return text_starts_with(table, "sqlite_");
}

/* Both connections' own SQL, past the authorizer. */
static bool prepare(struct store *store, const char *sql, sqlite3_stmt **ret, struct error *err)
{
    store->trusted = true;
    int code = sqlite3_prepare_v2(store->db, sql, -1, ret, NULL);
    store->trusted = false;
    return code == SQLITE_OK || store_fail(store, code, err);
}

static int step(struct store *store, sqlite3_stmt *statement)
{
    store->trusted = true;
    int code = sqlite3_step(statement);
    store->trusted = false;
    return code;
}

static bool layout_load(struct comparison *c, struct layout *ret, struct error *err)
{
    sqlite3_stmt *info = NULL;
    int code = SQLITE_OK;

    ret->columns = ret->keys = 0;
    if (!prepare(c->live,
                 arena_printf(&c->arena,
                              "SELECT name, pk FROM pragma_table_info('%s') ORDER BY cid",
                              ret->table),
                 &info, err)) {
        return false;
    }
    while ((code = step(c->live, info)) == SQLITE_ROW && ret->columns < COLUMNS_MAX) {
        int place = sqlite3_column_int(info, 1);
        ret->column[ret->columns] =
            arena_text(&c->arena, (const char *)sqlite3_column_text(info, 0));
        if (place > 0 && place <= COLUMNS_MAX) {
            ret->key[place - 1] = ret->columns;
            ret->keys = ret->keys < place ? place : ret->keys;
        }
        ret->columns++;
    }
    sqlite3_finalize(info);
    return code == SQLITE_DONE || store_fail(c->live, code, err);
}

static const char *rows_query(struct comparison *c, const struct layout *layout)
{
    const char *columns = "";
    const char *order = "";
    for (int i = 0; i < layout->columns; i++) {
        columns = arena_printf(&c->arena, "%s%s\"%s\"", columns, i == 0 ? "" : ", ",
                               layout->column[i]);
    }
    for (int i = 0; i < layout->keys; i++) {
        order = arena_printf(&c->arena, "%s%s\"%s\"", order, i == 0 ? "" : ", ",
                             layout->column[layout->key[i]]);
    }
    return arena_printf(&c->arena, "SELECT %s FROM \"%s\" ORDER BY %s", columns, layout->table,
                        layout->keys == 0 ? "rowid" : order);
}

static int bytes_order(const void *a, int a_size, const void *b, int b_size)
{
    size_t shared = (size_t)(a_size < b_size ? a_size : b_size);
    int order = shared == 0 ? 0 : memcmp(a, b, shared);
    return order != 0 ? order : (a_size > b_size) - (a_size < b_size);
}

static int value_order(sqlite3_stmt *a, sqlite3_stmt *b, int column)
{
    int type = sqlite3_column_type(a, column);
    int other = sqlite3_column_type(b, column);
    if (type != other) {
        return type < other ? -1 : 1;
    }
    if (type == SQLITE_NULL) {
        return 0;
    }
    if (type == SQLITE_INTEGER) {
        sqlite3_int64 x = sqlite3_column_int64(a, column);
        sqlite3_int64 y = sqlite3_column_int64(b, column);
        return (x > y) - (x < y);
    }
    const void *x = sqlite3_column_blob(a, column);
    const void *y = sqlite3_column_blob(b, column);
    return bytes_order(x, sqlite3_column_bytes(a, column), y, sqlite3_column_bytes(b, column));
}

static int key_order(const struct layout *layout, sqlite3_stmt *a, sqlite3_stmt *b)
{
    for (int i = 0; i < layout->keys; i++) {
        int order = value_order(a, b, layout->key[i]);
        if (order != 0) {
            return order;
        }
    }
    return 0;
}

static const char *value_text(struct arena *arena, sqlite3_stmt *row, int column)
{
    if (sqlite3_column_type(row, column) == SQLITE_NULL) {
        return "NULL";
    }
    if (sqlite3_column_type(row, column) == SQLITE_BLOB) {
        const void *bytes = sqlite3_column_blob(row, column);
        int size = sqlite3_column_bytes(row, column);
        size_t shown = (size_t)(size < SHOWN_MAX / 2 ? size : SHOWN_MAX / 2);
        char *hex = arena_alloc(arena, 2 * shown + 1);
        return hex_format(bytes, shown, hex);
    }
    return arena_printf(arena, "%.*s", SHOWN_MAX, (const char *)sqlite3_column_text(row, column));
}

static void report(struct comparison *c, const struct layout *layout, sqlite3_stmt *row,
                   struct row_report *report)
{
    const char *key = "";
    for (int i = 0; i < layout->keys; i++) {
        key = arena_printf(&c->arena, "%s%s%s=%s", key, i == 0 ? "" : ", ",
                           layout->column[layout->key[i]],
                           value_text(&c->arena, row, layout->key[i]));
    }
    report->table = layout->table;
    report->key = key;
    c->visit(c->context, report);
}

static void compare_row(struct comparison *c, const struct layout *layout, sqlite3_stmt *live,
                        sqlite3_stmt *rebuilt)
{
    for (int i = 0; i < layout->columns; i++) {
        if (value_order(live, rebuilt, i) != 0) {
            struct row_report changed = {.difference = ROW_CHANGED,
                                         .column = layout->column[i],
                                         .live = value_text(&c->arena, live, i),
                                         .rebuilt = value_text(&c->arena, rebuilt, i)};
            report(c, layout, live, &changed);
            return;
        }
    }
}

/* Walks both, ordered alike. */
static bool compare_rows(struct comparison *c, const struct layout *layout, sqlite3_stmt *live,
                         sqlite3_stmt *rebuilt, struct error *err)
{
    int a = step(c->live, live);
    int b = step(c->rebuilt, rebuilt);

    while (a == SQLITE_ROW || b == SQLITE_ROW) {
        int order = a != SQLITE_ROW   ? 1
                    : b != SQLITE_ROW ? -1
                                      : key_order(layout, live, rebuilt);
        if (order == 0) {
            compare_row(c, layout, live, rebuilt);
        } else {
            struct row_report one = {.difference = order < 0 ? ROW_EXTRA : ROW_MISSING};
            report(c, layout, order < 0 ? live : rebuilt, &one);
        }
        a = order <= 0 ? step(c->live, live) : a;
        b = order >= 0 ? step(c->rebuilt, rebuilt) : b;
    }
    if (a != SQLITE_DONE) {
        return store_fail(c->live, a, err);
    }
    return b == SQLITE_DONE || store_fail(c->rebuilt, b, err);
}

static bool compare_table(struct comparison *c, const char *table, struct error *err)
{
    struct layout layout = {.table = table};
    sqlite3_stmt *live = NULL;
    sqlite3_stmt *rebuilt = NULL;

    if (!layout_load(c, &layout, err)) {
        return false;
    }
    const char *sql = rows_query(c, &layout);
    bool ok = prepare(c->live, sql, &live, err) && prepare(c->rebuilt, sql, &rebuilt, err) &&
              compare_rows(c, &layout, live, rebuilt, err);
    sqlite3_finalize(live);
    sqlite3_finalize(rebuilt);
    return ok;
}

static bool tables_load(struct comparison *c, const char *const *skip,
                        const char *ret[TABLES_MAX], size_t *ret_count, struct error *err)
{
    sqlite3_stmt *names = NULL;
    int code = SQLITE_OK;

    *ret_count = 0;
    /* The rebuilt store's: a table dropped from the live one must not go unnoticed. */
    if (!prepare(c->rebuilt, "SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name",
                 &names, err)) {
        return false;
    }
    while ((code = step(c->rebuilt, names)) == SQLITE_ROW && *ret_count < TABLES_MAX) {
        const char *name = (const char *)sqlite3_column_text(names, 0);
        if (!is_skipped(name, skip)) {
            ret[(*ret_count)++] = arena_text(&c->arena, name);
        }
    }
    sqlite3_finalize(names);
    return code == SQLITE_DONE || store_fail(c->rebuilt, code, err);
}

bool store_compare(struct store *live, struct store *rebuilt, const char *const *skip,
                   row_visitor visit, void *context, struct error *err)
{
    struct comparison c = {.live = live, .rebuilt = rebuilt, .visit = visit, .context = context};
    const char *table[TABLES_MAX];
    size_t tables = 0;

    arena_init(&c.arena, ARENA_LIMIT_COMMAND);
    bool ok = tables_load(&c, skip, table, &tables, err);
    for (size_t i = 0; ok && i < tables; i++) {
        ok = compare_table(&c, table[i], err);
    }
    arena_release(&c.arena);
    return ok;
}
