/* P7: a day on which no loan has anything due is closed; its cost must not depend on the number of
 * loans. The baseline writes the event, the command id, the closed day and the frontier. */
#include "tests/bench/bench_book.h"
#include "tests/bench/raw.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

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

/* The median close over a book of so many loans, in nanoseconds. */
static int64_t close_days(struct bench *bench, int64_t loans, int days)
{
    struct office office;
    struct timings ours = {0};
    struct timings raw = {0};
    char name[40];
    char who[40];
    char *raw_path = bench_path(bench, "p7-raw-%lld.db", (long long)loans);

    snprintf(name, sizeof name, "p7-%lld", (long long)loans);
    snprintf(who, sizeof who, "yicang, %lld loans", (long long)loans);
    bench_book_open(bench, name, "2016-11-01", &office);
    bench_loan(&office, "registered");
    bench_multiply(&office, loans, NULL);
    char *path = strdup(office.store_path);
    raw_copy(path, raw_path);
    sqlite3 *source = raw_open(path);
    sqlite3 *db = raw_open(raw_path);
    raw_drop_triggers(db);
    raw_run(db, "PRAGMA foreign_keys = OFF");
    struct tape *tape = tape_new(source, db);
    for (int day = 0; day < days; day++) {
        int64_t seq = (int64_t)office.tip.size;
        close_day(&office, &ours);
        tape_record(tape, seq, 1);
        int64_t start = nanoseconds();
        tape_play(tape, 0);
        timings_add(&raw, nanoseconds() - start);
    }
    bench_same("loans",
               raw_number(source, "SELECT count(*) FROM loan_state WHERE next_day > "
                                  "(SELECT max(day) FROM closed_day)"),
               loans);
    bench_same("closed days", raw_number(source, "SELECT count(*) FROM closed_day"), days + 1);
    bench_line(who, &ours, (size_t)days, "days");
    bench_line("raw SQLite", &raw, (size_t)days, "days");
    int64_t median = timings_percentile(&ours, 50);
    tape_free(tape);
    raw_close(db);
    raw_close(source);
    bench_book_end(&office);
    timings_release(&ours);
    timings_release(&raw);
    free(path);
    free(raw_path);
    return median;
}

void bench_quiet_day(struct bench *bench)
{
    static const int64_t sizes[] = {10000, 100000, 1000000};
    static const int64_t few[] = {10, 100};
    const int64_t *size = bench->smoke ? few : sizes;
    size_t count = bench->smoke ? 2 : 3;
    int64_t first = 0;
    int64_t most = 0;
    for (size_t i = 0; i < count; i++) {
        int64_t median = close_days(bench, size[i], bench->smoke ? 3 : 45);
        first = i == 0 ? median : first;
        most = median > most ? median : most;
    }
    bench_judge(bench, (double)most / (double)first, 1.50, -1);
}
