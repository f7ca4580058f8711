/* P10: the trial balance of the bank over 1,000,000 lines: as it stands now, from the kept
 * balances; from the lines alone, in a book whose periods are forgotten; as of a past day, from the
 * period before it and the lines since. The baseline adds the same lines in a loop over a prepared
 * statement: for the past day all the lines up to it, since it keeps nothing. */
#include "reports/report.h"
#include "tests/bench/bench_book.h"
#include "tests/bench/raw.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ACCOUNTS 64

struct balance {
    int64_t debit, credit; /* of the whole book, for the comparison */
};

static int64_t total_of(const struct table *table, const char *column)
{
    for (size_t i = 0; i < table->columns; i++) {
        if (strcmp(table->column[i].name, column) == 0) {
            return money_fen(table_total(table, i).money);
        }
    }
    bench_fail("the trial balance lacks a column");
}

static struct balance report_on(struct office *office, const char *day, struct timings *timings)
{
    struct error err = {0};
    struct arena arena;
    struct table table;
    const struct report *report = NULL;
    struct report_parameters parameters = {.as_of = bench_date(day), .book = BOOK_BANK};

    arena_init(&arena, TABLE_ARENA_LIMIT);
    int64_t start = nanoseconds();
    bench_ok(report_find("trial-balance", &report, &err), &err);
    bench_ok(report_build(report, office->store, &parameters, &arena, &table, &err), &err);
    timings_add(timings, nanoseconds() - start);
    /* raw: totals of turnover, compared as numbers */
    struct balance sums = {total_of(&table, "debit"), total_of(&table, "credit")};
    arena_release(&arena);
    return sums;
}

static struct balance raw_loop(sqlite3 *db, const char *day, struct timings *timings)
{
    int64_t debit[ACCOUNTS] = {0};
    int64_t credit[ACCOUNTS] = {0};
    struct balance sums = {0, 0};
    int64_t start = nanoseconds();
    sqlite3_stmt *last = raw_prepare(db, "SELECT last_entry FROM closed_day WHERE day = ?1");
    sqlite3_bind_int64(last, 1, bench_date(day).day);
    int64_t last_entry =
        sqlite3_step(last) == SQLITE_ROW ? sqlite3_column_int64(last, 0) : INT64_MAX;
    sqlite3_finalize(last);
    sqlite3_stmt *query =
        raw_prepare(db, "SELECT account_id, fen FROM line WHERE entry_id > 0 AND entry_id <= ?1");
    sqlite3_bind_int64(query, 1, last_entry);
    while (sqlite3_step(query) == SQLITE_ROW) {
        int64_t account = sqlite3_column_int64(query, 0);
        int64_t fen = sqlite3_column_int64(query, 1);
        if (account < 0 || account >= ACCOUNTS) {
            bench_fail("a line has no account");
        }
        if (fen > 0) {
            debit[account] += fen;
        } else {
            credit[account] -= fen;
        }
    }
    sqlite3_finalize(query);
    timings_add(timings, nanoseconds() - start);
    for (int i = 1; i <= 20; i++) { /* the accounts of the bank */
        sums.debit += debit[i];
        sums.credit += credit[i];
    }
    return sums;
}

static void forget_periods(struct office *office)
{
    char *path = strdup(office->store_path);
    char *folder = strdup(office->folder);
    struct error err = {0};
    bench_book_end(office);
    sqlite3 *db = raw_open(path);
    raw_drop_triggers(db);
    raw_run(db, "PRAGMA foreign_keys = OFF");
    raw_run(db, "DELETE FROM period_balance");
    raw_run(db, "DELETE FROM closed_period");
    raw_close(db);
    bench_ok(office_open(folder, STORE_WRITE, office, &err), &err);
    free(path);
    free(folder);
}

static void same_sums(const char *what, struct balance a, struct balance b)
{
    bench_same(what, a.debit, b.debit);
    bench_same(what, a.credit, b.credit);
}

static double speed(struct timings *ours, struct timings *raw)
{
    return (double)timings_percentile(raw, 50) / (double)timings_percentile(ours, 50);
}

void bench_trial_balance(struct bench *bench)
{
    static const char past[] = "2017-10-25";
    static const char last[] = "2017-12-19";
    int times = bench->smoke ? 2 : 9;
    int64_t loans = bench->smoke ? 10 : 50000; /* of 20 lines each */
    struct office office;
    struct timings kept = {0}, of_day = {0}, of_lines = {0}, raw_day = {0}, raw_lines = {0};
    struct balance sums[5];

    bench_book_open(bench, "p10", "2016-10-20", &office);
    bench_loan(&office, "none");
    bench_close_through(&office, last);
    bench_multiply(&office, loans, NULL);
    bench_check_book(&office);
    sqlite3 *db = raw_open(office.store_path);
    int64_t lines = raw_number(db, "SELECT count(*) FROM line");
    for (int i = 0; i < times; i++) {
        sums[0] = report_on(&office, "2017-12-20", &kept);
        sums[1] = report_on(&office, past, &of_day);
        sums[2] = raw_loop(db, past, &raw_day);
        sums[4] = raw_loop(db, last, &raw_lines);
        same_sums("the trial balance of a past day", sums[1], sums[2]);
        same_sums("the trial balance from kept balances", sums[0], sums[4]);
    }
    raw_close(db);
    forget_periods(&office);
    for (int i = 0; i < times; i++) {
        sums[3] = report_on(&office, last, &of_lines);
        same_sums("the trial balance from lines", sums[3], sums[0]);
    }
    bench_same("debit and credit", sums[0].debit, sums[0].credit);
    printf("  %lld lines\n", (long long)lines);
    bench_line("kept balances", &kept, (size_t)times, "reports");
    bench_line("from lines", &of_lines, (size_t)times, "reports");
    bench_line("raw loop", &raw_lines, (size_t)times, "reports");
    bench_judge(bench, speed(&of_lines, &raw_lines), 0.70, +1);
    bench_line("as of a past day", &of_day, (size_t)times, "reports");
    bench_line("raw loop up to it", &raw_day, (size_t)times, "reports");
    bench_judge(bench, speed(&of_day, &raw_day), 0.50, +1);
    bench_book_end(&office);
    timings_release(&kept);
    timings_release(&of_day);
    timings_release(&of_lines);
    timings_release(&raw_day);
    timings_release(&raw_lines);
}
