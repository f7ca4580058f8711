#include "ledger/store/compare.h"

#include "ledger/base/alloc.h"
#include "ledger/base/buffer.h"
#include "ledger/base/text.h"
#include "ledger/store/store_sqlite.h"

#include <stdlib.h>
#include <string.h>

#define COMPARE_COLUMNS_MAX 100 /* as the connection allows */
#define COMPARE_TEXT_MAX 400    /* bytes of a key or value shown */

struct table_shape {
    char *name;
    char *column[COMPARE_COLUMNS_MAX]; /* in the order of the table */
    int key[COMPARE_COLUMNS_MAX];      /* columns of the primary key, in its order */
    int columns, keys;
};

struct comparison {
    struct store *live, *rebuilt;
    row_visitor visit;
    void *context;
};

/* The two stores' statement for one table, side by side. */
struct row_pair {
    const struct table_shape *shape;
    sqlite3_stmt *live, *rebuilt;
};

/* Shape --------------------------------------------------------------------------------------- */

static void shape_release(struct table_shape *shape)
{
    for (int i = 0; i < shape->columns; i++) {
        free(shape->column[i]);
    }
    free(shape->name);
    *shape = (struct table_shape){0};
}

static bool prepare_own(struct store *store, const char *sql, sqlite3_stmt **ret, struct error *err)
{
    bool trusted_before = store->trusted;
    store->trusted = true;
    int code = sqlite3_prepare_v2(store->db, sql, -1, ret, NULL);
    store->trusted = trusted_before;
    return code == SQLITE_OK || store_fail(store, code, err);
}

static const char *text_of(sqlite3_stmt *query, int column)
{
    const char *text = (const char *)sqlite3_column_text(query, column);
    return text == NULL ? "" : text;
}

/* A table without a primary key is ordered and known by all its columns. */
static void shape_complete_key(struct table_shape *shape)
{
    if (shape->keys == 0) {
        for (int i = 0; i < shape->columns; i++) {
            shape->key[i] = i;
        }
        shape->keys = shape->columns;
    }
}

/* Rows of name and place in the primary key, 0 for none. */
static int shape_read(sqlite3_stmt *query, struct table_shape *ret)
{
    int code = sqlite3_step(query);
    while (code == SQLITE_ROW && ret->columns < COMPARE_COLUMNS_MAX) {
        int place = sqlite3_column_int(query, 1);
        if (place > 0 && place <= COMPARE_COLUMNS_MAX) {
            ret->key[place - 1] = ret->columns;
            ret->keys++;
        }
        ret->column[ret->columns++] = alloc_text(text_of(query, 0));
        code = sqlite3_step(query);
    }
    return code;
}

static bool shape_load(struct store *store, const char *table, struct table_shape *ret,
                       struct error *err)
{
    sqlite3_stmt *query = NULL;
    if (!prepare_own(store, "SELECT name, pk FROM pragma_table_info($1) ORDER BY cid", &query,
                     err)) {
        return false;
    }
    *ret = (struct table_shape){.name = alloc_text(table)};
    sqlite3_bind_text(query, 1, table, -1, SQLITE_TRANSIENT);
    bool trusted_before = store->trusted;
    store->trusted = true; /* the first step prepares the pragma behind the table */
    int code = shape_read(query, ret);
    store->trusted = trusted_before;
    bool ok = code == SQLITE_DONE || store_fail(store, code, err);
    sqlite3_finalize(query);
    shape_complete_key(ret);
    return ok;
}

/* Rows ---------------------------------------------------------------------------------------- */

/* The one place where SQL is put together: names come from the schema and are quoted. */
static char *select_in_order(const struct table_shape *shape)
{
    sqlite3_str *sql = sqlite3_str_new(NULL);
    sqlite3_str_appendall(sql, "SELECT ");
    for (int i = 0; i < shape->columns; i++) {
        sqlite3_str_appendf(sql, "%s\"%w\"", i == 0 ? "" : ", ", shape->column[i]);
    }
    sqlite3_str_appendf(sql, " FROM \"%w\" ORDER BY ", shape->name);
    for (int i = 0; i < shape->keys; i++) {
        sqlite3_str_appendf(sql, "%s\"%w\"", i == 0 ? "" : ", ", shape->column[shape->key[i]]);
    }
    char *text = sqlite3_str_finish(sql);
    if (text == NULL) {
        alloc_exhausted(0);
    }
    return text;
}

/* NULL, numbers, text, bytes: the order SQLite sorts in. */
static int type_rank(int type)
{
    switch (type) {
    case SQLITE_NULL:
        return 0;
    case SQLITE_INTEGER:
        return 1;
    case SQLITE_TEXT:
        return 3;
    case SQLITE_BLOB:
        return 4;
    default:
        return 2;
    }
}

static int bytes_order(sqlite3_value *a, sqlite3_value *b)
{
    const void *left = sqlite3_value_blob(a);
    const void *right = sqlite3_value_blob(b);
    int left_size = sqlite3_value_bytes(a);
    int right_size = sqlite3_value_bytes(b);
    int shorter = left_size < right_size ? left_size : right_size;
    int order = shorter == 0 ? 0 : memcmp(left, right, (size_t)shorter);
    return order != 0 ? order : left_size - right_size;
}

/* A value of a row is asked for once: all columns of all rows of a book come by here. (It may not
 * be changed while it is read, but who else would? A connection belongs to one thread.) */
static int value_order(sqlite3_stmt *live, sqlite3_stmt *rebuilt, int column)
{
    sqlite3_value *a = sqlite3_column_value(live, column);
    sqlite3_value *b = sqlite3_column_value(rebuilt, column);
    int type = sqlite3_value_type(a);
    int other = sqlite3_value_type(b);
    if (type != other) {
        return type_rank(type) - type_rank(other);
    }
    if (type == SQLITE_NULL) {
        return 0;
    }
    if (type != SQLITE_INTEGER) {
        return bytes_order(a, b);
    }
    sqlite3_int64 left = sqlite3_value_int64(a);
    sqlite3_int64 right = sqlite3_value_int64(b);
    return (left > right) - (left < right);
}

static int key_order(const struct row_pair *pair)
{
    int order = 0;
    for (int i = 0; i < pair->shape->keys && order == 0; i++) {
        order = value_order(pair->live, pair->rebuilt, pair->shape->key[i]);
    }
    return order;
}

/* Reports ------------------------------------------------------------------------------------- */

static void add_hex(struct buffer *text, const unsigned char *bytes, int size)
{
    for (int i = 0; i < size && !text->overflowed; i++) {
        buffer_printf(text, "%02x", bytes[i]);
    }
}

/* Cut off at the limit of the buffer. */
static void add_value(struct buffer *text, sqlite3_stmt *row, int column)
{
    int type = sqlite3_column_type(row, column);
    if (type == SQLITE_NULL) {
        buffer_add_text(text, "NULL");
    } else if (type == SQLITE_BLOB) {
        add_hex(text, sqlite3_column_blob(row, column), sqlite3_column_bytes(row, column));
    } else {
        for (const char *at = text_of(row, column); *at != '\0'; at++) {
            buffer_add_byte(text, *at);
        }
    }
}

static void add_key(struct buffer *text, const struct table_shape *shape, sqlite3_stmt *row)
{
    for (int i = 0; i < shape->keys; i++) {
        buffer_printf(text, "%s%s=", i == 0 ? "" : ", ", shape->column[shape->key[i]]);
        add_value(text, row, shape->key[i]);
    }
}

static void report_row(const struct comparison *comparison, const struct table_shape *shape,
                       sqlite3_stmt *row, enum row_difference difference)
{
    AUTO_BUFFER key;
    buffer_init(&key, COMPARE_TEXT_MAX);
    add_key(&key, shape, row);
    const struct row_report report = {
        .table = shape->name, .key = key.data, .difference = difference};
    comparison->visit(comparison->context, &report);
}

static void report_column(const struct comparison *comparison, const struct row_pair *pair,
                          int column)
{
    AUTO_BUFFER key;
    AUTO_BUFFER live;
    AUTO_BUFFER rebuilt;
    buffer_init(&key, COMPARE_TEXT_MAX);
    buffer_init(&live, COMPARE_TEXT_MAX);
    buffer_init(&rebuilt, COMPARE_TEXT_MAX);
    add_key(&key, pair->shape, pair->live);
    add_value(&live, pair->live, column);
    add_value(&rebuilt, pair->rebuilt, column);
    const struct row_report report = {
        .table = pair->shape->name,
        .key = key.data,
        .difference = ROW_CHANGED,
        .column = pair->shape->column[column],
        .live = live.data,
        .rebuilt = rebuilt.data,
    };
    comparison->visit(comparison->context, &report);
}

/* The first column in which the two rows differ; -1: none. */
static int first_difference(const struct row_pair *pair)
{
    for (int i = 0; i < pair->shape->columns; i++) {
        if (value_order(pair->live, pair->rebuilt, i) != 0) {
            return i;
        }
    }
    return -1;
}

/* Tables -------------------------------------------------------------------------------------- */

/* Steps both lists in the order of the key; returns with one of the codes being no row. */
static void compare_lists(const struct comparison *comparison, const struct row_pair *pair,
                          int *live_code, int *rebuilt_code)
{
    *live_code = sqlite3_step(pair->live);
    *rebuilt_code = sqlite3_step(pair->rebuilt);
    while (*live_code == SQLITE_ROW && *rebuilt_code == SQLITE_ROW) {
        int column = first_difference(pair);
        int order = column < 0 ? 0 : key_order(pair);
        if (order < 0) {
            report_row(comparison, pair->shape, pair->live, ROW_EXTRA);
        } else if (order > 0) {
            report_row(comparison, pair->shape, pair->rebuilt, ROW_MISSING);
        } else if (column >= 0) {
            report_column(comparison, pair, column);
        }
        *live_code = order <= 0 ? sqlite3_step(pair->live) : *live_code;
        *rebuilt_code = order >= 0 ? sqlite3_step(pair->rebuilt) : *rebuilt_code;
    }
}

static int report_rest(const struct comparison *comparison, const struct table_shape *shape,
                       sqlite3_stmt *rows, int code, enum row_difference difference)
{
    while (code == SQLITE_ROW) {
        report_row(comparison, shape, rows, difference);
        code = sqlite3_step(rows);
    }
    return code;
}

static bool compare_rows(const struct comparison *comparison, const struct row_pair *pair,
                         struct error *err)
{
    int live = SQLITE_OK;
    int rebuilt = SQLITE_OK;
    compare_lists(comparison, pair, &live, &rebuilt);
    if ((live == SQLITE_ROW || live == SQLITE_DONE) &&
        (rebuilt == SQLITE_ROW || rebuilt == SQLITE_DONE)) {
        live = report_rest(comparison, pair->shape, pair->live, live, ROW_EXTRA);
        rebuilt = report_rest(comparison, pair->shape, pair->rebuilt, rebuilt, ROW_MISSING);
    }
    if (live != SQLITE_DONE && live != SQLITE_ROW) {
        return store_fail(comparison->live, live, err);
    }
    return rebuilt == SQLITE_DONE || store_fail(comparison->rebuilt, rebuilt, err);
}

static bool compare_table(const struct comparison *comparison, const char *table, struct error *err)
{
    struct table_shape shape = {0};
    if (!shape_load(comparison->rebuilt, table, &shape, err)) {
        shape_release(&shape);
        return false;
    }
    char *sql = select_in_order(&shape);
    struct row_pair pair = {.shape = &shape};
    bool ok = prepare_own(comparison->live, sql, &pair.live, err) &&
              prepare_own(comparison->rebuilt, sql, &pair.rebuilt, err) &&
              compare_rows(comparison, &pair, err);
    sqlite3_finalize(pair.live);
    sqlite3_finalize(pair.rebuilt);
    sqlite3_free(sql);
    shape_release(&shape);
    return ok;
}

static bool is_skipped(const char *table, const char *const *skip)
{
    for (; *skip != NULL; skip++) {
        size_t length = strlen(*skip);
        bool family = length > 0 && (*skip)[length - 1] == '*';
        if (family ? strncmp(table, *skip, length - 1) == 0 : strcmp(table, *skip) == 0) {
            return true;
        }
    }
    return false;
}

bool store_compare(struct store *live, struct store *rebuilt, const char *const *skip,
                   row_visitor visit, void *context, struct error *err)
{
    const struct comparison comparison = {live, rebuilt, visit, context};
    sqlite3_stmt *tables = NULL;
    /* The rebuilt store's: a table dropped from the live one must not go unnoticed. */
    if (!prepare_own(rebuilt,
                     "SELECT name FROM sqlite_schema WHERE type = 'table' "
                     "AND substr(name, 1, 7) <> 'sqlite_' ORDER BY name",
                     &tables, err)) {
        return false;
    }
    bool ok = true;
    int code = sqlite3_step(tables);
    while (ok && code == SQLITE_ROW) {
        const char *table = text_of(tables, 0);
        ok = is_skipped(table, skip) || compare_table(&comparison, table, err);
        code = ok ? sqlite3_step(tables) : code;
    }
    if (ok && code != SQLITE_DONE) {
        ok = store_fail(rebuilt, code, err);
    }
    sqlite3_finalize(tables);
    return ok;
}
