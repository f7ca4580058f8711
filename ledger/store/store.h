/* store.h - the database as the ledger sees it: connection, statement, transaction, migration.
 * Layer: store. Knows no table of the ledger; the only folder that includes a database header.
 *
 * SQL is what SQLite and PostgreSQL share: `$1` parameters, ON CONFLICT instead of REPLACE, no
 * date functions, no sums but sum() and count(). It is never put together at run time.
 *
 * A statement remembers its first failure: bind and column calls after it do nothing, and
 * statement_end() or statement_run() reports it. So a query reads
 *
 *     AUTO_STATEMENT struct statement *query = store_query(store,
 *         "SELECT fen, loan_id FROM line WHERE entry_id = $1 ORDER BY n");
 *     bind_int(query, 1, entry);
 *     while (statement_row(query)) {
 *         amount = column_money(query, 0);
 *     }
 *     if (!statement_end(query, err)) {
 *         return false;
 *     }
 *
 * Refused, each with FAULT_INTERNAL: text after the first statement (store.sql-trailing), a
 * parameter that was not bound (store.parameter-unbound), that does not exist
 * (store.parameter-unknown) or is bound while the statement runs (store.parameter-late), a column
 * read with another type than it holds (store.column-type), a row too many (store.second-row,
 * store.unexpected-row), a statement that is no plain reading or writing of rows, such as a pragma
 * or a change of the schema (store.not-allowed), SQL that does not compile (store.sql). A row that
 * a constraint refuses is store.constraint (FAULT_INTERNAL: the ledger should have checked); one
 * that a trigger refuses is store.guard (FAULT_INTEGRITY). A value that no door lets in, such as a
 * day in the year 9999, is store.column-range (FAULT_INTEGRITY).
 *
 * As in PostgreSQL, a write transaction in which a statement failed can only be rolled back:
 * store.transaction-failed. */
#ifndef YICANG_STORE_STORE_H
#define YICANG_STORE_STORE_H

#include "ledger/base/arena.h"
#include "ledger/base/attributes.h"
#include "ledger/base/date.h"
#include "ledger/base/digest.h"
#include "ledger/base/error.h"
#include "ledger/base/money.h"
#include "ledger/base/rate.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct store;
struct statement;

enum store_mode {
    STORE_CREATE,    /* the file must not exist yet */
    STORE_SCRATCH,   /* likewise, for rows that may be lost and are compared with a book's: nothing
                        is synced, triggers and references are off */
    STORE_WRITE,     /* read and write an existing book */
    STORE_READ_ONLY, /* query only, enforced by the connection */
};

/* Opens the file at path and brings its schema up to date (not in STORE_READ_ONLY, which refuses an
 * older schema). Every setting (store_settings.c) is made and read back. Reason ids: store.exists,
 * store.not-found, store.not-a-book (application_id), store.newer-version, store.older-version,
 * store.schema-changed (a schema file was edited after it was used), store.link (symbolic or second
 * hard link), store.network-file-system, store.setting, store.locked, store.full, store.read-only,
 * store.io, store.corrupt. What STORE_CREATE made is removed again if it fails.
 *
 * STORE_READ_ONLY also works on a full disk (then alone: the file is locked while it is open) and
 * on a read-only medium or where no write bit is set on file and folder, if the book was closed
 * properly. One thread uses a store, and no fork happens while it is open. */
MUST_CHECK bool store_open(const char *path, enum store_mode mode, struct store **ret,
                           struct error *err);
/* Accepts NULL; rolls back an open transaction. Returns NULL. */
struct store *store_close(struct store *store);
/* store_close() will leave the write-ahead log as it stands, for a book that is refused: what rot
 * cut off of it may still be read by an expert, and a checkpoint would drop it. */
void store_keep_log(struct store *store);
void store_close_pointer(struct store **store); /* for AUTO */
#define AUTO_STORE AUTO(store_close_pointer)

const char *store_path(const struct store *store);
/* This program and its version, as the history of the schema names it: "yicang 0.1.0". */
const char *store_program(void);
int store_schema_version(const struct store *store);

/* The statement for this literal, from the store's cache (a second one if it is in use already).
 * Never NULL. sql must stay valid and unchanged as long as the store: a literal, known by its
 * address. */
struct statement *store_query(struct store *store, const char *sql);

/* Parameters are numbered from 1, as in $1. Bytes and text are copied. */
void bind_int(struct statement *statement, int parameter, int64_t value);
void bind_bool(struct statement *statement, int parameter, bool value);
void bind_text(struct statement *statement, int parameter, const char *value);
void bind_text_n(struct statement *statement, int parameter, const char *value, size_t length);
void bind_blob(struct statement *statement, int parameter, const void *bytes, size_t length);
void bind_null(struct statement *statement, int parameter);
void bind_money(struct statement *statement, int parameter, struct money value);
void bind_rate(struct statement *statement, int parameter, struct rate value);
void bind_date(struct statement *statement, int parameter, struct date value);
void bind_sha256(struct statement *statement, int parameter, const struct sha256 *value);

/* Next row; false at the end and at a failure. */
bool statement_row(struct statement *statement);

/* Columns are numbered from 0. Text and blobs are valid until the next row or end. */
int64_t column_int(struct statement *statement, int column);
bool column_bool(struct statement *statement, int column); /* 0 or 1, else a failure */
const char *column_text(struct statement *statement, int column);
const void *column_blob(struct statement *statement, int column, size_t *ret_length);
bool column_is_null(struct statement *statement, int column);
struct money column_money(struct statement *statement, int column);
struct rate column_rate(struct statement *statement, int column);
struct date column_date(struct statement *statement, int column);
struct sha256 column_sha256(struct statement *statement, int column);

/* Resets the statement and gives it back to the cache; false with the first failure since
 * store_query(). May be called twice; the second call is true. */
MUST_CHECK bool statement_end(struct statement *statement, struct error *err);
/* Runs a statement that returns no row, and ends it. */
MUST_CHECK bool statement_run(struct statement *statement, struct error *err);
/* For queries of at most one row: steps, and tells whether there is a row. Read the columns, then
 * statement_end(). A second row is a failure reported by statement_end(). */
bool statement_one(struct statement *statement);
/* The number that a query without parameters gives in one row: a count, the next free number. sql
 * as for store_query(). */
MUST_CHECK bool store_read_int(struct store *store, const char *sql, int64_t *ret,
                               struct error *err);
/* The numbers in the first column of all rows, in the arena; ends the statement. */
MUST_CHECK bool statement_numbers(struct statement *statement, struct arena *arena, int64_t **ret,
                                  size_t *ret_count, struct error *err);
/* Of rows that others remember: another number whenever such a row is written, which whoever writes
 * it says, and whenever a transaction begins. Never 0. */
uint64_t store_edition(const struct store *store);
void store_new_edition(struct store *store);
/* Rows changed by the last statement_run(). */
int64_t store_changes(const struct store *store);
/* Gives the statement back without looking at its result: for AUTO only. */
void statement_release(struct statement **statement);
#define AUTO_STATEMENT AUTO(statement_release)

/* A write transaction (BEGIN IMMEDIATE), or a read snapshot. Rolls back when it leaves its scope
 * uncommitted. A commit that does not go through transaction_commit() is refused by the connection
 * (store.commit-bypassed). They do not nest: store.transaction. After a sync that failed nothing
 * more is written (store.io) until the book is opened again. Nothing is written either once another
 * file stands under the store's name, or none: store.moved. */
struct transaction {
    struct store *store; /* NULL: none open */
    const char *file;    /* where it began, for messages */
    int line;
};
#define AUTO_TRANSACTION AUTO(transaction_release) struct transaction
MUST_CHECK bool transaction_begin_at(struct store *store, struct transaction *transaction,
                                     const char *file, int line, struct error *err);
#define transaction_begin(store, transaction, err)                                                 \
    transaction_begin_at((store), (transaction), __FILE__, __LINE__, (err))
MUST_CHECK bool transaction_begin_read(struct store *store, struct transaction *transaction,
                                       struct error *err);
MUST_CHECK bool transaction_commit(struct transaction *transaction, struct error *err);
void transaction_release(struct transaction *transaction); /* rolls back if still open */

/* Inside a write transaction: writes what has changed so far into the write-ahead log, not valid
 * before the commit, which then has less to write. For whoever has to wait anyhow. */
MUST_CHECK bool store_write_ahead(struct store *store, struct error *err);

/* Copies what the store holds, as it stands at one moment, into a new file, on the disk when it
 * returns; others may write meanwhile. Reason ids store.exists, store.full, store.io. */
MUST_CHECK bool store_copy(struct store *store, const char *path, struct error *err);

/* Copies the write-ahead log into the file and cuts it, for the end of bulk work; while a reader is
 * at work only what can be. A commit does the copying itself whenever the log has reached 64 MiB.
 */
MUST_CHECK bool store_checkpoint(struct store *store, struct error *err);
/* What was deleted is nowhere in the files any more: writes the database anew without its free
 * pages and cuts the write-ahead log to nothing. Waits for readers; reason id store.locked if they
 * do not end: call it again then. */
MUST_CHECK bool store_forget(struct store *store, struct error *err);
/* The database's own check of its file and of the CHECKs of its tables: quick_check, or
 * integrity_check and every reference from row to row. Where the file cannot be written SQLite does
 * not try the CHECKs. Reason id store.corrupt. */
MUST_CHECK bool store_verify_file(struct store *store, bool thorough, struct error *err);
/* Hands over every table, view, index and trigger of the live schema whose text is not that of the
 * one built in; stops when visit returns false, which then is the result. */
enum schema_change { SCHEMA_ADDED, SCHEMA_MISSING, SCHEMA_CHANGED };
struct schema_difference {
    const char *type; /* "table", "view", "index", "trigger" */
    const char *name;
    enum schema_change change;
};
typedef bool (*schema_visitor)(void *context, const struct schema_difference *difference,
                               struct error *err);
MUST_CHECK bool store_compare_schema(struct store *store, schema_visitor visit, void *context,
                                     struct error *err);
/* The text of every table, index and trigger of the live schema equals the one built in. Reason id
 * store.schema-changed, naming the object. */
MUST_CHECK bool store_verify_schema(struct store *store, struct error *err);

#endif
