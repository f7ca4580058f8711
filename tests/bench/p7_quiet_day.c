/* P7: a day on which no loan has anything due is closed; its cost must not depend on the number of
 * loans. The books take turns, so that what else the machine does falls on all alike. The baseline
 * writes the event, the command id, the closed day and the frontier. */
#include "tests/bench/bench_book.h"
#include "tests/bench/raw.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void close_day(struct office *office, struct timings *timings)
{
    struct act_result done;
    int64_t loans = -1;
    int64_t start = nanoseconds();
    arena_reset(&office->arena);
    bench_act(office, BENCH_CLERK, "day.close", canon_object(&office->arena), &done);
    timings_add(timings, nanoseconds() - start);
    if (!canon_get_int(canon_get(done.body, "out"), "loans", &loans)) {
        bench_fail("the close tells no number of loans");
    }
    bench_same("loans with something due", loans, 0);
}

/* A book of so many loans, and its baseline. */
struct quiet {
    int64_t loans;
    struct office office;
    char *path, *raw_path;
    sqlite3 *source, *db;
    struct tape *tape;
    struct timings ours, raw;
};

static void quiet_open(struct bench *bench, int64_t loans, struct quiet *ret)
{
    char name[40];

    *ret = (struct quiet){.loans = loans};
    snprintf(name, sizeof name, "p7-%lld", (long long)loans);
    ret->raw_path = bench_path(bench, "p7-raw-%lld.db", (long long)loans);
    bench_book_open(bench, name, "2016-11-01", &ret->office);
    bench_loan(&ret->office, "registered");
    bench_multiply(&ret->office, loans, NULL);
    ret->path = strdup(ret->office.store_path);
    raw_copy(ret->path, ret->raw_path);
    ret->source = raw_open(ret->path);
    ret->db = raw_open(ret->raw_path);
    raw_drop_triggers(ret->db);
    raw_run(ret->db, "PRAGMA foreign_keys = OFF");
    ret->tape = tape_new(ret->source, ret->db);
}

static void quiet_close_day(struct quiet *quiet)
{
    int64_t seq = (int64_t)quiet->office.tip.size;
    close_day(&quiet->office, &quiet->ours);
    tape_record(quiet->tape, seq, 1);
    int64_t start = nanoseconds();
    tape_play(quiet->tape, 0);
    timings_add(&quiet->raw, nanoseconds() - start);
}

static void quiet_end(struct quiet *quiet, int days)
{
    char who[40];

    bench_same("loans with a day to come",
               raw_number(quiet->source, "SELECT count(*) FROM loan_state WHERE next_day > "
                                         "(SELECT max(day) FROM closed_day)"),
               quiet->loans);
    bench_same("closed days", raw_number(quiet->source, "SELECT count(*) FROM closed_day"),
               days + 1);
    snprintf(who, sizeof who, "yicang, %lld loans", (long long)quiet->loans);
    bench_line(who, &quiet->ours, (size_t)days, "days");
    bench_line("raw SQLite", &quiet->raw, (size_t)days, "days");
    tape_free(quiet->tape);
    raw_close(quiet->db);
    raw_close(quiet->source);
    bench_book_end(&quiet->office);
    timings_release(&quiet->ours);
    timings_release(&quiet->raw);
    free(quiet->path);
    free(quiet->raw_path);
}

#define BOOKS 3

void bench_quiet_day(struct bench *bench)
{
    static const int64_t sizes[BOOKS] = {10000, 100000, 1000000};
    static const int64_t few[BOOKS] = {10, 100, 200};
    int days = bench->smoke ? 3 : 45; /* before the first settlement day */
    struct quiet quiet[BOOKS];
    int64_t fastest[BOOKS];
    int64_t most = 0;

    for (size_t i = 0; i < BOOKS; i++) {
        quiet_open(bench, bench->smoke ? few[i] : sizes[i], &quiet[i]);
    }
    sync(); /* what was prepared must not be written while days are closed */
    for (int day = 0; day < days; day++) {
        for (size_t i = 0; i < BOOKS; i++) {
            quiet_close_day(&quiet[i]);
        }
    }
    for (size_t i = 0; i < BOOKS; i++) {
        /* The fastest: every sync may wait for others, and none is faster than its work. */
        fastest[i] = timings_percentile(&quiet[i].ours, 0);
        most = fastest[i] > most ? fastest[i] : most;
        quiet_end(&quiet[i], days);
    }
    bench_judge(bench, (double)most / (double)fastest[0], 1.50, -1);
}
