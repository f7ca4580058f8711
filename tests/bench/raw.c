#include "tests/bench/raw.h"

#include "ledger/base/alloc.h"
#include "tests/bench/bench_book.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CHECKPOINT_PAGES 16384 /* as STORE_WAL_CHECKPOINT_PAGES */

static void check(sqlite3 *db, int code, const char *what)
{
    if (code != SQLITE_OK && code != SQLITE_DONE && code != SQLITE_ROW) {
        bench_fail("raw: %s: %s", what, sqlite3_errmsg(db));
    }
}

static int wal_pages;

static int note_pages(void *context, sqlite3 *db, const char *name, int pages)
{
    (void)context;
    (void)db;
    (void)name;
    wal_pages = pages;
    return SQLITE_OK;
}

sqlite3 *raw_open(const char *path)
{
    sqlite3 *db = NULL;
    check(db, sqlite3_open_v2(path, &db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, NULL), path);
    raw_run(db, "PRAGMA journal_mode = WAL");
    raw_run(db, "PRAGMA synchronous = FULL");
    raw_run(db, "PRAGMA cache_size = -16384");
    raw_run(db, "PRAGMA secure_delete = ON");
    raw_run(db, "PRAGMA wal_autocheckpoint = 0");
    raw_run(db, "PRAGMA journal_size_limit = 67108864");
    sqlite3_wal_hook(db, note_pages, NULL);
    wal_pages = 0;
    return db;
}

void raw_close(sqlite3 *db)
{
    check(db, sqlite3_close(db), "close");
}

void raw_run(sqlite3 *db, const char *sql)
{
    check(db, sqlite3_exec(db, sql, NULL, NULL, NULL), sql);
}

sqlite3_stmt *raw_prepare(sqlite3 *db, const char *sql)
{
    sqlite3_stmt *statement = NULL;
    check(db, sqlite3_prepare_v3(db, sql, -1, SQLITE_PREPARE_PERSISTENT, &statement, NULL), sql);
    return statement;
}

void raw_step(sqlite3_stmt *statement)
{
    if (sqlite3_step(statement) != SQLITE_DONE) {
        bench_fail("raw: %s: %s", sqlite3_sql(statement),
                   sqlite3_errmsg(sqlite3_db_handle(statement)));
    }
    sqlite3_reset(statement);
}

void raw_run_with(sqlite3 *db, const char *sql, int64_t value)
{
    sqlite3_stmt *statement = raw_prepare(db, sql);
    sqlite3_bind_int64(statement, 1, value);
    raw_step(statement);
    sqlite3_finalize(statement);
}

int64_t raw_number(sqlite3 *db, const char *sql)
{
    sqlite3_stmt *statement = raw_prepare(db, sql);
    if (sqlite3_step(statement) != SQLITE_ROW) {
        bench_fail("raw: %s: %s", sql, sqlite3_errmsg(db));
    }
    int64_t number = sqlite3_column_int64(statement, 0);
    sqlite3_finalize(statement);
    return number;
}

void raw_copy(const char *from, const char *to)
{
    char *command = NULL;
    if (asprintf(&command, "cp -- '%s' '%s'", from, to) < 0 || system(command) != 0) {
        bench_fail("%s cannot be copied", from);
    }
    free(command);
}

void raw_drop_triggers(sqlite3 *db)
{
    char *all = NULL;
    sqlite3_stmt *query = raw_prepare(db, "SELECT group_concat('DROP TRIGGER ' || name, ';')"
                                          " FROM sqlite_schema WHERE type = 'trigger'");
    if (sqlite3_step(query) == SQLITE_ROW && sqlite3_column_text(query, 0) != NULL) {
        all = strdup((const char *)sqlite3_column_text(query, 0));
    }
    sqlite3_finalize(query);
    if (all != NULL) {
        raw_run(db, all);
    }
    free(all);
}

void raw_commit(sqlite3 *db)
{
    raw_run(db, "COMMIT");
    if (wal_pages >= CHECKPOINT_PAGES) {
        check(db, sqlite3_wal_checkpoint_v2(db, NULL, SQLITE_CHECKPOINT_PASSIVE, NULL, NULL),
              "checkpoint");
        wal_pages = 0;
    }
}

/* The tape ------------------------------------------------------------------------------------- */

#define KINDS 17

#define OF_ENTRIES                                                                                 \
    "FROM entry CROSS JOIN line ON line.entry_id = entry.id WHERE seq BETWEEN ?1 AND ?2"

/* One kind of row: how those of events ?1 to ?2 are found in the book, the number of the event
 * first, and how one is written. */
static const struct {
    const char *read, *write;
} kinds[KINDS] = {
    {"SELECT seq, * FROM event WHERE seq BETWEEN ?1 AND ?2",
     "INSERT INTO event VALUES (?, ?, ?, ?)"},
    {"SELECT seq, * FROM event_rows WHERE seq BETWEEN ?1 AND ?2",
     "INSERT INTO event_rows VALUES (?, ?, ?)"},
    {"SELECT event.seq, command_request.* FROM event CROSS JOIN command_request"
     " ON command_request.cmd = event.cmd WHERE event.seq BETWEEN ?1 AND ?2",
     "INSERT INTO command_request VALUES (?, ?, ?)"},
    /* Both moved with each event. What they said then is not kept: the size moves as it did, the
     * bytes are those they end with. (The same row again would not be written at all.) */
    {"SELECT seq, seq + 1, hashes FROM frontier CROSS JOIN event ON seq BETWEEN ?1 AND ?2",
     "UPDATE frontier SET size = ?, hashes = ?"},
    {"SELECT seq, seq + 1, note FROM checkpoint CROSS JOIN event ON seq BETWEEN ?1 AND ?2"
     " WHERE why = 'tip'",
     "UPDATE checkpoint SET size = ?, note = ? WHERE why = 'tip'"},
    {"SELECT seq, * FROM loan_settlement WHERE seq BETWEEN ?1 AND ?2",
     "INSERT INTO loan_settlement VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"},
    {"SELECT seq, * FROM repayment WHERE seq BETWEEN ?1 AND ?2",
     "INSERT INTO repayment VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"},
    {"SELECT seq, day, '" BENCH_CLERK "', 'clerk', received_fen FROM repayment"
     " WHERE seq BETWEEN ?1 AND ?2",
     "INSERT INTO staff_use VALUES (?, ?, ?, ?) ON CONFLICT (day, person, role)"
     " DO UPDATE SET fen = fen + excluded.fen"},
    {"SELECT seq, * FROM loan_status WHERE seq BETWEEN ?1 AND ?2",
     "INSERT INTO loan_status VALUES (?, ?, ?, ?, ?)"},
    {"SELECT DISTINCT seq, loan_state.status, overdue_since, next_day, loan_state.loan_id"
     " FROM entry CROSS JOIN line ON line.entry_id = entry.id CROSS JOIN loan_state"
     " ON loan_state.loan_id = line.loan_id WHERE seq BETWEEN ?1 AND ?2",
     "UPDATE loan_state SET status = ?, overdue_since = ?, next_day = ? WHERE loan_id = ?"},
    {"SELECT seq, line.* " OF_ENTRIES " ORDER BY entry.id, line.n",
     "INSERT INTO line VALUES (?, ?, ?, ?, ?)"},
    {"SELECT seq, * FROM entry WHERE seq BETWEEN ?1 AND ?2 ORDER BY id",
     "INSERT INTO entry VALUES (?, ?, ?, ?, ?, ?, ?, ?)"},
    {"SELECT seq, sum(max(fen, 0)), sum(max(-fen, 0)), account_id " OF_ENTRIES
     " GROUP BY seq, account_id",
     "UPDATE balance SET debit_fen = debit_fen + ?, credit_fen = credit_fen + ?"
     " WHERE account_id = ?"},
    {"SELECT seq, loan_id, account_id, sum(fen), "
     " sum(iif(account_id BETWEEN 2 AND 4, fen * value_date, 0)) " OF_ENTRIES
     " AND loan_id IS NOT NULL GROUP BY seq, loan_id, account_id",
     "INSERT INTO loan_balance VALUES (?, ?, ?, ?) ON CONFLICT (loan_id, account_id)"
     " DO UPDATE SET fen = fen + excluded.fen, dated_fen = dated_fen + excluded.dated_fen"},
    {"SELECT seq, * FROM closed_day WHERE seq BETWEEN ?1 AND ?2",
     "INSERT INTO closed_day VALUES (?, ?, ?)"},
    {"SELECT seq, * FROM closed_period WHERE seq BETWEEN ?1 AND ?2",
     "INSERT INTO closed_period VALUES (?, ?)"},
    {"SELECT seq, period_balance.* FROM closed_period CROSS JOIN period_balance"
     " ON period_balance.last_day = closed_period.last_day WHERE seq BETWEEN ?1 AND ?2",
     "INSERT INTO period_balance VALUES (?, ?, ?, ?)"},
};

struct row {
    size_t kind;
    int columns;
    sqlite3_value **value;
};

struct posting {
    struct row *row;
    size_t rows, capacity;
};

struct tape {
    sqlite3 *target;
    sqlite3_stmt *read[KINDS], *write[KINDS];
    struct posting *posting;
    size_t postings;
};

struct tape *tape_new(sqlite3 *source, sqlite3 *target)
{
    struct tape *tape = alloc_zeroed(1, sizeof *tape);
    tape->target = target;
    for (size_t i = 0; i < KINDS; i++) {
        tape->read[i] = raw_prepare(source, kinds[i].read);
        tape->write[i] = raw_prepare(target, kinds[i].write);
    }
    return tape;
}

static void tape_clear(struct tape *tape)
{
    for (size_t i = 0; i < tape->postings; i++) {
        struct posting *posting = &tape->posting[i];
        for (size_t r = 0; r < posting->rows; r++) {
            for (int column = 0; column < posting->row[r].columns; column++) {
                sqlite3_value_free(posting->row[r].value[column]);
            }
            free(posting->row[r].value);
        }
        free(posting->row);
    }
    free(tape->posting);
    tape->posting = NULL;
    tape->postings = 0;
}

void tape_free(struct tape *tape)
{
    tape_clear(tape);
    for (size_t i = 0; i < KINDS; i++) {
        sqlite3_finalize(tape->read[i]);
        sqlite3_finalize(tape->write[i]);
    }
    free(tape);
}

/* The first column says whose row it is; the others are the row. */
static void record_row(struct posting *posting, size_t kind, sqlite3_stmt *read)
{
    int columns = sqlite3_column_count(read) - 1;
    struct row row = {kind, columns, alloc_zeroed((size_t)columns, sizeof(sqlite3_value *))};
    if (posting->rows == posting->capacity) {
        posting->capacity = posting->capacity == 0 ? 32 : 2 * posting->capacity;
        posting->row = alloc_resized(posting->row, posting->capacity, sizeof row);
    }
    for (int i = 0; i < columns; i++) {
        row.value[i] = sqlite3_value_dup(sqlite3_column_value(read, i + 1));
    }
    posting->row[posting->rows++] = row;
}

void tape_record(struct tape *tape, int64_t seq, size_t count)
{
    tape_clear(tape);
    tape->posting = alloc_zeroed(count, sizeof *tape->posting);
    tape->postings = count;
    for (size_t kind = 0; kind < KINDS; kind++) {
        sqlite3_stmt *read = tape->read[kind];
        sqlite3_bind_int64(read, 1, seq);
        sqlite3_bind_int64(read, 2, seq + (int64_t)count - 1);
        while (sqlite3_step(read) == SQLITE_ROW) {
            record_row(&tape->posting[sqlite3_column_int64(read, 0) - seq], kind, read);
        }
        check(sqlite3_db_handle(read), sqlite3_reset(read), kinds[kind].read);
    }
}

void tape_text(const struct tape *tape, size_t i, const unsigned char **ret, size_t *ret_length)
{
    sqlite3_value *leaf = tape->posting[i].row[0].value[1];
    const char *bytes = sqlite3_value_blob(leaf);
    const char *end = memmem(bytes, (size_t)sqlite3_value_bytes(leaf), "\n\n", 2);
    if (end == NULL) {
        bench_fail("an event has no signature");
    }
    *ret = (const unsigned char *)bytes;
    *ret_length = (size_t)(end + 1 - bytes);
}

void tape_play(struct tape *tape, size_t i)
{
    const struct posting *posting = &tape->posting[i];
    raw_run(tape->target, "BEGIN IMMEDIATE");
    for (size_t r = 0; r < posting->rows; r++) {
        const struct row *row = &posting->row[r];
        sqlite3_stmt *write = tape->write[row->kind];
        for (int column = 0; column < row->columns; column++) {
            sqlite3_bind_value(write, column + 1, row->value[column]);
        }
        raw_step(write);
    }
    raw_commit(tape->target);
}

/* The same rows? ------------------------------------------------------------------------------- */

static void compare_table(sqlite3 *db, const char *table)
{
    char sql[400];
    snprintf(sql, sizeof sql,
             "SELECT (SELECT count(*) FROM (SELECT * FROM main.%s EXCEPT SELECT * FROM raw.%s))"
             " + (SELECT count(*) FROM (SELECT * FROM raw.%s EXCEPT SELECT * FROM main.%s))",
             table, table, table, table);
    int64_t differ = raw_number(db, sql);
    if (differ != 0) {
        bench_fail("the baseline did not write the same rows: %" PRId64 " differ in table %s",
                   differ, table);
    }
}

void raw_compare(const char *book, const char *raw)
{
    sqlite3 *db = NULL;
    char sql[600];
    check(db, sqlite3_open_v2(book, &db, SQLITE_OPEN_READWRITE, NULL), book);
    snprintf(sql, sizeof sql, "ATTACH '%s' AS raw", raw);
    raw_run(db, sql);
    sqlite3_stmt *tables =
        raw_prepare(db, "SELECT name FROM main.sqlite_schema WHERE type = 'table'"
                        " AND name NOT LIKE 'sqlite%' AND name <> 'checkpoint'");
    int compared = 0;
    while (sqlite3_step(tables) == SQLITE_ROW) {
        compare_table(db, (const char *)sqlite3_column_text(tables, 0));
        compared++;
    }
    sqlite3_finalize(tables);
    if (compared < 30) {
        bench_fail("only %d tables were compared", compared);
    }
    raw_close(db);
}
