#include "ledger/store/store_sqlite.h"

#include "ledger/base/alloc.h"
#include "ledger/base/text.h"

#include <assert.h>
#include <inttypes.h>
#include <string.h>

/* Column reads are suspicious: left alone, SQLite turns '12x' into 12, NULL into 0, 1.9 into 1. */

static void fail_column(struct statement *statement, int column, const char *fact)
{
    struct error *failure = statement_failure_begin(statement);
    if (failure != NULL) {
        error_set(failure, FAULT_INTERNAL, "store.column-type", _("column %d %s"), column, fact);
        statement_failure_end(statement);
    }
}

static void fail_range(struct statement *statement, int64_t value)
{
    struct error *failure = statement_failure_begin(statement);
    if (failure != NULL) {
        error_set(failure, FAULT_INTEGRITY, "store.column-range",
                  _("the book “%s” holds a value that cannot be: %" PRId64), statement->store->path,
                  value);
        statement_failure_end(statement);
    }
}

/* Whether there is a row, it has the column, and the column holds the type. */
static bool column_begin(struct statement *statement, int column, int type)
{
    assert(statement->in_use);
    if (statement->failure != NULL) {
        return false;
    }
    if (!statement->has_row) {
        fail_column(statement, column, _("is read where there is no row"));
        return false;
    }
    if (column < 0 || column >= sqlite3_data_count(statement->handle)) {
        fail_column(statement, column, _("does not exist"));
        return false;
    }
    if (sqlite3_column_type(statement->handle, column) != type) {
        fail_column(statement, column, _("holds another type than is read"));
        return false;
    }
    return true;
}

int64_t column_int(struct statement *statement, int column)
{
    return column_begin(statement, column, SQLITE_INTEGER)
               ? sqlite3_column_int64(statement->handle, column)
               : 0;
}

static int64_t column_int_between(struct statement *statement, int column, int64_t low,
                                  int64_t high)
{
    int64_t value = column_int(statement, column);
    if (statement->failure == NULL && (value < low || value > high)) {
        fail_range(statement, value);
    }
    return statement->failure == NULL ? value : 0;
}

bool column_bool(struct statement *statement, int column)
{
    return column_int_between(statement, column, 0, 1) == 1;
}

const char *column_text(struct statement *statement, int column)
{
    if (!column_begin(statement, column, SQLITE_TEXT)) {
        return "";
    }
    const char *text = (const char *)sqlite3_column_text(statement->handle, column);
    if (text == NULL) {
        alloc_exhausted(0);
    }
    if (strlen(text) != (size_t)sqlite3_column_bytes(statement->handle, column)) {
        fail_column(statement, column, _("holds a NUL character"));
        return "";
    }
    return text;
}

const void *column_blob(struct statement *statement, int column, size_t *ret_length)
{
    *ret_length = 0;
    if (!column_begin(statement, column, SQLITE_BLOB)) {
        return "";
    }
    const void *bytes = sqlite3_column_blob(statement->handle, column);
    *ret_length = (size_t)sqlite3_column_bytes(statement->handle, column);
    return bytes == NULL ? "" : bytes; /* SQLite's empty blob is a null pointer */
}

bool column_is_null(struct statement *statement, int column)
{
    if (statement->failure != NULL) {
        return true;
    }
    if (!statement->has_row || column < 0 || column >= sqlite3_data_count(statement->handle)) {
        fail_column(statement, column, _("does not exist"));
        return true;
    }
    return sqlite3_column_type(statement->handle, column) == SQLITE_NULL;
}

struct money column_money(struct statement *statement, int column)
{
    return money_from_fen(column_int_between(statement, column, -MONEY_LIMIT_FEN, MONEY_LIMIT_FEN));
}

struct rate column_rate(struct statement *statement, int column)
{
    return rate_from_ppm(column_int_between(statement, column, 0, RATE_LIMIT_PPM));
}

struct date column_date(struct statement *statement, int column)
{
    return date_from_day(column_int_between(statement, column, DATE_DAY_MIN, DATE_DAY_MAX));
}

struct sha256 column_sha256(struct statement *statement, int column)
{
    struct sha256 digest = {{0}};
    size_t length = 0;
    const void *bytes = column_blob(statement, column, &length);
    if (statement->failure == NULL && length != sizeof digest.byte) {
        fail_column(statement, column, _("is not a digest of 32 bytes"));
    }
    if (statement->failure == NULL) {
        memcpy(digest.byte, bytes, sizeof digest.byte);
    }
    return digest;
}
