/* raw.h - SQLite without the ledger: the baseline. A raw book is a copy of the book at the start,
 * with the same tables, indexes and settings, without its triggers and references; the rows that
 * the program wrote are read from its book and written again, one prepared statement a row. */
#ifndef YICANG_TESTS_BENCH_RAW_H
#define YICANG_TESTS_BENCH_RAW_H

#include <sqlite3.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Opens with the settings of the store: WAL, synchronous=FULL, 16 MiB of cache, checkpoints by
 * raw_commit(). */
sqlite3 *raw_open(const char *path);
void raw_close(sqlite3 *db);
void raw_run(sqlite3 *db, const char *sql);
/* With one number for ?1. */
void raw_run_with(sqlite3 *db, const char *sql, int64_t value);
int64_t raw_number(sqlite3 *db, const char *sql);
sqlite3_stmt *raw_prepare(sqlite3 *db, const char *sql);
void raw_step(sqlite3_stmt *statement); /* a statement without rows, and resets it */
/* Copies the database and its write-ahead log; the book is closed. */
void raw_copy(const char *from, const char *to);
void raw_drop_triggers(sqlite3 *db);
void raw_commit(sqlite3 *db); /* and a checkpoint when the log has 64 MiB, as the store does it */

/* Rows to be written again, read before the clock starts. */
struct tape;
/* source is the book the program writes; target the raw book. */
struct tape *tape_new(sqlite3 *source, sqlite3 *target);
void tape_free(struct tape *tape);
/* What each of `count` events from seq on wrote, as a posting of its own, in this order: its rows
 * in event, event_rows, command_request; one change each of frontier and of the head in checkpoint;
 * loan_settlement, repayment, loan_status, loan_state; entries with their lines; one change of
 * balance for each account and of loan_balance for each loan and account that they move;
 * closed_day, closed_period, period_balance. What was on the tape is forgotten. */
void tape_record(struct tape *tape, int64_t seq, size_t count);
/* The signed text of the event of posting i, for signing it again. */
void tape_text(const struct tape *tape, size_t i, const unsigned char **ret, size_t *ret_length);
void tape_play(struct tape *tape, size_t i); /* posting i in one transaction */

/* Every table of the two books holds the same rows, but checkpoint, whose heads of closed days are
 * not written. */
void raw_compare(const char *book, const char *raw);

#endif
