/* P3: the close of a settlement day. So and so many loans are due on each of the days: each is
 * loaded, its interest computed by its policy (all of it subsidised, 5 % > 4.35 %), settled and
 * posted in an entry of two lines, and its next day found. One event a day, signed, its rows beside
 * it; one transaction. This is the path of every event with rows.
 *
 * The baseline writes for each day: the event with its rows and its command id, the closed day, the
 * frontier, two balances of accounts; and for each loan a settlement, a state, an entry with its
 * two lines, and two balances of the loan. */
#include "tests/bench/bench_book.h"
#include "tests/bench/raw.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define HELD_MAX ((size_t)256 << 10)
#define HELD_A_LOAN 16

/* 5,000,000 fen x days x 43,500 ppm / 360, days from 2016-11-01 to 2016-12-d, that day included,
 * rounded half up. */
static int64_t interest_to(int day)
{
    int64_t days = 30 + day;
    int64_t parts = 5000000 * days * 43500;
    int64_t unit = (int64_t)360 * 1000000;
    return (parts + unit / 2) / unit;
}

static void close_day(struct office *office, int64_t loans, struct timings *timings)
{
    struct act_result done;
    int64_t closed = 0;
    int64_t start = nanoseconds();
    arena_reset(&office->arena);
    bench_act(office, BENCH_CLERK, "day.close", canon_object(&office->arena), &done);
    timings_add(timings, nanoseconds() - start);
    if (!canon_get_int(canon_get(done.body, "out"), "loans", &closed)) {
        bench_fail("the close tells no number of loans");
    }
    bench_same("loans settled", closed, loans);
    /* The number of each is held, its work is not: or a million of them would not fit. */
    if (office->arena.used > HELD_MAX + (size_t)loans * HELD_A_LOAN) {
        bench_fail("the close of %d loans holds %zu bytes", (int)loans, office->arena.used);
    }
}

static void check_result(struct office *office, sqlite3 *db, int64_t batch, int days)
{
    int64_t interest = 0;
    for (int day = 1; day <= days; day++) {
        interest += batch * interest_to(day);
    }
    bench_same("settlements", raw_number(db, "SELECT count(*) FROM loan_settlement"), batch * days);
    bench_same("interest settled", raw_number(db, "SELECT sum(interest_fen) FROM loan_settlement"),
               interest);
    bench_same("subsidy receivable",
               raw_number(db, "SELECT debit_fen - credit_fen FROM balance WHERE account_id = 6"),
               interest);
    bench_check_book(office);
}

static void bulk(struct bench *bench, int64_t batch, int days)
{
    struct office office;
    struct timings ours = {0};
    struct timings raw = {0};
    char change[300];
    char *raw_path = bench_path(bench, "p3-raw-%d.db", (int)batch);
    char name[40];

    /* The first loans settle on the first day of the month, the next on the second: some settle day
     * between 1 and 28 is what a policy gives, and loans of one day stand together. */
    snprintf(name, sizeof name, "p3-%d", (int)batch);
    snprintf(change, sizeof change,
             "UPDATE loan_contract SET settle_day = 1 + (loan_id - 1) / %d;"
             "UPDATE loan_state SET next_day = %d + (loan_id - 1) / %d",
             (int)batch, (int)bench_date("2016-12-01").day, (int)batch);
    bench_book_open(bench, name, "2016-11-01", &office);
    bench_loan(&office, "registered");
    bench_close_through(&office, "2016-11-30");
    bench_multiply(&office, batch * days, change);
    char *path = strdup(office.store_path);
    raw_copy(path, raw_path);
    sqlite3 *source = raw_open(path);
    sqlite3 *db = raw_open(raw_path);
    raw_drop_triggers(db);
    raw_run(db, "PRAGMA foreign_keys = OFF");
    struct tape *tape = tape_new(source, db);
    sync(); /* what was prepared must not be written while the clock runs */
    for (int day = 0; day < days; day++) {
        int64_t seq = (int64_t)office.tip.size;
        close_day(&office, batch, &ours);
        tape_record(tape, seq, 1);
        int64_t start = nanoseconds();
        tape_play(tape, 0);
        timings_add(&raw, nanoseconds() - start);
    }
    check_result(&office, source, batch, days);
    size_t loans = (size_t)(batch * days);
    printf("  batches of %d loans\n", (int)batch);
    bench_line("yicang", &ours, loans, "loans");
    bench_line("raw SQLite", &raw, loans, "loans");
    bench_judge(bench, (double)raw.total / (double)ours.total, 0.40, +1);
    tape_free(tape);
    raw_close(db);
    raw_close(source);
    bench_book_end(&office);
    raw_compare(path, raw_path);
    timings_release(&ours);
    timings_release(&raw);
    free(path);
    free(raw_path);
}

void bench_bulk(struct bench *bench)
{
    if (bench->smoke) {
        bulk(bench, 200, 3); /* enough that the rows stand beside the event */
        return;
    }
    bulk(bench, 1000, 28);
    bulk(bench, 8190, 6);
}
